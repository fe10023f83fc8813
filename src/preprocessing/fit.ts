import type { DecodedImage } from '../decoding/decoder.js';
import { fromMat, greyFilm, toMat } from './film.js';
import { withMats } from './open-cv.js';
import type { OpenCv } from './open-cv-interface.js';

/**
 * The image at another size, its long side `size` pixels: by area where it shrinks, else bilinear.
 *
 * @throws INVALID_IMAGES, SHAPE_MISMATCH
 * @see the paper: long side 512.
 */
export function resizeLongSide(cv: OpenCv, image: DecodedImage, size: number): DecodedImage {
  const grey = greyFilm('resizeLongSide', image);
  const [height, width] = grey.shape;
  const ratio = size / Math.max(height, width);
  if (ratio === 1) return grey;
  const side = (length: number) => Math.max(1, Math.floor(length * ratio + 0.5));
  return withMats((keep) => {
    const result = keep(new cv.Mat());
    const frame = new cv.Size(side(width), side(height));
    const method = ratio < 1 ? cv.INTER_AREA : cv.INTER_LINEAR;
    cv.resize(toMat(cv, keep, grey), result, frame, 0, 0, method);
    return fromMat(result, grey);
  });
}

/**
 * The image in the middle of a black square as wide as its long side.
 *
 * @throws INVALID_IMAGES, SHAPE_MISMATCH
 */
export function padToSquare(image: DecodedImage): DecodedImage {
  const grey = greyFilm('padToSquare', image);
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
