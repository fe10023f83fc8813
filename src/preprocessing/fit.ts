import type { DecodedImage } from '../decoding/decoder.js';
import { checkNumber } from '../support/check.js';
import { fromMat, greyFilm, toMat } from './film.js';
import { usable, withMats } from './open-cv.js';
import type { OpenCv } from './open-cv-interface.js';

/**
 * The image at another size, its long side `size` pixels: by area where it shrinks, else bilinear.
 *
 * @param cv OpenCV, as `openCv` loads it
 * @param image one image, grey or colour
 * @param size a whole number of at least 1
 * @returns grey pixels of the same kind
 * @throws INVALID_IMAGES, INVALID_OPTION, SHAPE_MISMATCH
 * @see the paper: long side 512.
 * @example
 * const small = stages.resizeLongSide(await openCv(), film, 512);
 */
export function resizeLongSide(cv: OpenCv, image: DecodedImage, size: number): DecodedImage {
  const where = 'stages.resizeLongSide';
  checkNumber(where, 'size', size, { min: 1, integer: true });
  const used = usable(where, cv);
  const grey = greyFilm(where, image);
  const [height, width] = grey.shape;
  const ratio = size / Math.max(height, width);
  if (ratio === 1) return grey;
  const side = (length: number) => Math.max(1, Math.floor(length * ratio + 0.5));
  return withMats(where, (keep) => {
    const result = keep(new used.Mat());
    const frame = new used.Size(side(width), side(height));
    const method = ratio < 1 ? used.INTER_AREA : used.INTER_LINEAR;
    used.resize(toMat(used, keep, grey), result, frame, 0, 0, method);
    return fromMat(result, grey);
  });
}

/**
 * The image in the middle of a black square as wide as its long side.
 *
 * @param image one image, grey or colour
 * @returns grey pixels of the same kind
 * @throws INVALID_OPTION, INVALID_IMAGES, SHAPE_MISMATCH
 * @example
 * const square = stages.padToSquare(film);
 */
export function padToSquare(image: DecodedImage): DecodedImage {
  const grey = greyFilm('stages.padToSquare', image);
  const [height, width] = grey.shape;
  const size = Math.max(height, width);
  if (height === width) return grey;
  const Pixels = grey.pixels.constructor as new (length: number) => typeof grey.pixels;
  const pixels = new Pixels(size * size);
  const [top, left] = [(size - height) >> 1, (size - width) >> 1];
  for (let y = 0; y < height; y++) {
    const row = grey.pixels.subarray(y * width, (y + 1) * width);
    pixels.set(row, (top + y) * size + left);
  }
  return { ...grey, pixels, shape: [size, size, 1] };
}
