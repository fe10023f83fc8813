/** Images from files and arrays: sources, preparation, augmentation, lists of data sets, splits by patient. */

export { browserImages } from '../decoding/browser-images.js';
export type { DecodedImage, Decoder, ImageMetadata } from '../decoding/decoder.js';
export { chooseDecoder, imageFormat } from '../decoding/image-format.js';
export {
  type Augmentation,
  augment,
  chestAugmentation,
  noAugmentation,
  slightAugmentation,
} from '../images/augmentation.js';
export { equalize } from '../images/equalize.js';
export {
  customNormalization,
  type ImageNormalization,
  none,
} from '../images/image-normalization.js';
export type { ImageRecipe } from '../images/image-recipe.js';
export type { ImageSource, LocatedImages } from '../images/image-source.js';
export { localContrast } from '../images/local-contrast.js';
export {
  type BatchShape,
  type ImageBatch,
  type ImageShape,
  toUnitRange,
} from '../images/pixels.js';
export {
  imagePreparation,
  type Preparation,
  type PreparedImages,
  preparationFromJSON,
} from '../images/preparation.js';
export type { ImageProblem } from '../images/problems.js';
export { type ResizePolicy, resize } from '../images/resize.js';
export { type ChexpertOptions, chexpertRecords } from '../records/chexpert.js';
export { type CsvOptions, csvRecords } from '../records/csv.js';
export type { ListFile } from '../records/csv-table.js';
export type { ImageRecord } from '../records/image-record.js';
export { type MuraOptions, muraRecords } from '../records/mura.js';
export { type NihOptions, nihRecords } from '../records/nih.js';
export { type PatientKeys, patientKeys } from '../records/patient-key.js';
export { type RsnaOptions, rsnaRecords } from '../records/rsna.js';
export { tangRecords } from '../records/tang.js';
export { checkSplit } from '../splits/check-split.js';
export { type InspectedImages, inspectImages } from '../splits/inspect-images.js';
export { drawKnownAnomalies } from '../splits/known-anomalies.js';
export { type NearDuplicate, nearDuplicates } from '../splits/near-duplicates.js';
export { type PaperSplitOptions, paperSplit } from '../splits/paper-split.js';
export type { Shortcut } from '../splits/shortcut.js';
export type { Split, SplitUnit } from '../splits/split.js';
export { type SplitByPatientOptions, splitByPatient } from '../splits/split-by-patient.js';
export { type SplitFile, splitFromJSON, splitToJSON } from '../splits/split-file.js';
export { type PartSummary, splitSummary } from '../splits/split-summary.js';
export { summaryText } from '../splits/summary-text.js';
export type { Progress } from '../support/progress.js';
export { RandomStream } from '../support/random.js';
export { arraySource } from './array-source.js';
export {
  type CheckImagesOptions,
  type CheckProgress,
  checkImages,
} from './check-images.js';
export { concatSources, subset } from './combine.js';
export { imageSource } from './decoded-source.js';
export type { DecodingOptions } from './decoding-options.js';
export { fileSource } from './file-source.js';
export type { FolderOptions, FolderRecords } from './folder-options.js';
export type { FolderSummary } from './folder-summary.js';
export {
  type ImageJob,
  type ImagePool,
  imageJobRunner,
} from './image-job.js';
export { normalsOf } from './normals.js';
export { type NpyArray, readNpz } from './npz.js';
export { npzSource } from './npz-source.js';
export { checkPatientsDisjoint } from './patients.js';
export {
  ProblemReport,
  type ReportedProblem,
} from './problem-report.js';
export { readInOrder } from './read-in-order.js';
export { tensorSource } from './tensor-source.js';
