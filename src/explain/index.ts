/** Where in an image its score comes from, and whether such maps can be believed. */

export type { AnomalyMap } from './anomaly-map.js';
export { type AnomalyMapOptions, anomalyMaps } from './anomaly-maps.js';
export { encodePng } from './encode-png.js';
export { type ExplainedImage, type GalleryOptions, galleryOf } from './gallery-of.js';
export { type ImplantedLesion, implantLesion, type LesionOptions } from './implant-lesion.js';
export { overlay, type Picture } from './overlay.js';
export { pointing } from './pointing.js';
