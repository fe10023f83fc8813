export {
  type BackendLoaders,
  type BackendName,
  type DetectedBackend,
  detectBackend,
} from './detect-backend.js';
