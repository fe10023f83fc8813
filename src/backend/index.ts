export { type BackendName, detectBackend } from './detect-backend.js';
