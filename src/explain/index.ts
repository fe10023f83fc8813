/** Where in an image its score comes from, and whether such maps can be believed. */

export type { AnomalyMap } from './anomaly-map.js';
export { type AnomalyMapOptions, anomalyMaps, type MapMethod } from './anomaly-maps.js';
export { encodePng } from './encode-png.js';
export {
  type ExplainedImage,
  type GalleryOptions,
  galleryOf,
  type ShownImage,
} from './gallery-of.js';
export { type ImplantedLesion, implantLesion, type LesionOptions } from './implant-lesion.js';
export { type OverlayOptions, overlay, type Picture } from './overlay.js';
export { type KnownPlace, type Pointing, pointing } from './pointing.js';
