// A module of its own, to be imported on use. Imported by itself, the package would be a module with the
// `then` of OpenCV wherever a bundler has wrapped it, and a promise of such a module never ends.
import cv from '@techstark/opencv-js';

/** What the package exports, in a box for the same reason. */
export const box: { readonly exported: unknown } = { exported: cv };
