import type { DecodedImage } from '../decoding/decoder.js';
import { greyFilm, toBytes, whiteOf } from './film.js';

/** Sides of the patches in the corners, as a share of the image's. */
const PATCH = 0.15;

/**
 * How much brighter the ground is than the image: above 0 on a negative, where air is white.
 *
 *     (mean over the four corners of the median of a patch - mean of the image) / 255
 *
 * with levels spread from 0 to 255 and patches of 15% of the sides: whatever the body part, a film shows
 * more of its ground in the corners. Not all do: a white border or a wide patient makes a positive look like a negative.
 *
 * @param image one image, grey or colour
 * @returns -1 to 1
 * @throws INVALID_OPTION, INVALID_IMAGES, SHAPE_MISMATCH
 * @see antoine-spahr/X-ray-Anomaly-Detection, which calls an image inverted whose mean is above 125 of 255.
 * @example
 * const positive = stages.groundBrightness(film) > 0 ? stages.invert(film) : film;
 */
export function groundBrightness(image: DecodedImage): number {
  const { pixels, shape } = toBytes(greyFilm('stages.groundBrightness', image));
  const [height, width] = shape;
  const [rows, columns] = [height, width].map((side) => Math.max(1, Math.round(PATCH * side)));
  let corners = 0;
  for (const top of [0, height - rows])
    for (const left of [0, width - columns]) {
      const patch = new Uint8Array(rows * columns);
      for (let y = 0; y < rows; y++) {
        const from = (top + y) * width + left;
        patch.set(pixels.subarray(from, from + columns), y * columns);
      }
      corners += patch.sort()[patch.length >> 1] / 4;
    }
  let mean = 0;
  for (let i = 0; i < pixels.length; i++) mean += pixels[i];
  return (corners - mean / pixels.length) / 255;
}

/**
 * The negative of an image: white - level.
 *
 * @param image one image, grey or colour
 * @returns grey pixels of the same kind
 * @throws INVALID_OPTION, INVALID_IMAGES, SHAPE_MISMATCH
 * @example
 * const positive = stages.invert(negative);
 */
export function invert(image: DecodedImage): DecodedImage {
  const grey = greyFilm('stages.invert', image);
  const white = whiteOf(grey);
  return { ...grey, pixels: grey.pixels.map((level) => white - level) };
}
