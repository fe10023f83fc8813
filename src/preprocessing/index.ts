/** The paper's preprocessing of films, on OpenCV: carrier, crop, inversion, contrast, body-part mask, size. */

export type { MaskOptions } from './body-part-mask.js';
export type { CarrierOptions } from './carrier.js';
export { openCv } from './open-cv.js';
export type { OpenCv } from './open-cv-interface.js';
export type { Carrier } from './perspective.js';
export {
  type PreprocessedXray,
  type PreprocessingOptions,
  preprocessXray,
  type XrayQuality,
} from './preprocess-xray.js';
export * as stages from './stages.js';
