/** What needs modules of Node: images and models in folders, threads, saved splits. */

export type { Progress } from '../support/progress.js';
export {
  chexpertFolder,
  muraFolder,
  type NihFolderOptions,
  nihFolder,
  rsnaFolder,
} from './data-sets.js';
export { type DicomRecordsOptions, dicomRecords } from './dicom-records.js';
export { fileSystem } from './file-system.js';
export { folderRecords } from './folder-records.js';
export { imagePool } from './image-pool.js';
export { nodeImages } from './node-images.js';
export { type QuarantineOptions, quarantine } from './quarantine.js';
export { folderSource, type RecordSourceOptions, recordSource } from './record-source.js';
export { type ScoringPool, scoringPool } from './scoring-pool.js';
export { loadSplit, saveSplit } from './split-file.js';
export { threadedWasm } from './threaded-wasm.js';
export type { ThreadOptions } from './worker-threads.js';
