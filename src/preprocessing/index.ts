export { bodyPartMask, type MaskOptions } from './body-part-mask.js';
export { type Carrier, type CarrierOptions, detectCarrier } from './carrier.js';
export { contrastOf } from './contrast.js';
export type { Point } from './film.js';
export { padToSquare, resizeLongSide } from './fit.js';
export { groundBrightness, invert } from './inversion.js';
export { openCv } from './open-cv.js';
export type { Mat, MatVector, OpenCv } from './open-cv-interface.js';
export { type Corners, cropPerspective } from './perspective.js';
export {
  type InversionOptions,
  type PreprocessedXray,
  type PreprocessingOptions,
  preprocessXray,
  type QualityFlag,
  type XrayQuality,
} from './preprocess-xray.js';
