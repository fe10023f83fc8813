/** What needs Node's own modules: models in folders. */
export { type FileSystemHandler, fileSystem } from './file-system.js';
