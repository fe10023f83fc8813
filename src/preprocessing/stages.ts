/** The functions of `stages`: what `preprocessXray` does to a film, one by one. */

export { bodyPartMask } from './body-part-mask.js';
export { detectCarrier } from './carrier.js';
export { contrastOf as contrast } from './contrast.js';
export { padToSquare, resizeLongSide } from './fit.js';
export { groundBrightness, invert } from './inversion.js';
export { cropPerspective } from './perspective.js';
