import type { DecodedImage } from '../decoding/decoder.js';
import { withChannels } from '../decoding/grey.js';
import { check } from '../support/check.js';
import { checkHasLists } from '../support/check-kinds.js';
import type { Keep } from './open-cv.js';
import type { Cv, Mat } from './open-cv-interface.js';

/** The image with one channel. @throws INVALID_IMAGES, SHAPE_MISMATCH */
export function greyFilm(where: string, image: DecodedImage): DecodedImage {
  checkHasLists(where, 'image', image, ['pixels', 'shape']);
  const grey = withChannels(image, 1, where);
  const [height, width] = grey.shape;
  check(
    grey.pixels.length === height * width && grey.pixels.length > 0,
    'INVALID_IMAGES',
    () =>
      `${where}: got ${grey.pixels.length} pixel values for one image of shape [${grey.shape.join(', ')}]; expected ${height * width}, at least 1.`,
  );
  return grey;
}

/** What white is: 255, 2^bitsStored - 1 or 1. */
export function whiteOf({ pixels, bitsStored = 16 }: DecodedImage): number {
  if (pixels instanceof Float32Array) return 1;
  return pixels instanceof Uint16Array ? 2 ** bitsStored - 1 : 255;
}

/** Grey pixels as a matrix of their own kind. */
export function toMat(cv: Cv, keep: Keep, { pixels, shape: [height, width] }: DecodedImage) {
  const [type, field] =
    pixels instanceof Float32Array
      ? ([cv.CV_32FC1, 'data32F'] as const)
      : pixels instanceof Uint16Array
        ? ([cv.CV_16UC1, 'data16U'] as const)
        : ([cv.CV_8UC1, 'data'] as const);
  const mat = keep(new cv.Mat(height, width, type));
  mat[field].set(pixels);
  return mat;
}

/** The pixels of a matrix, copied out of OpenCV's memory, in place of those of `like`. */
export function fromMat(mat: Mat, like: DecodedImage): DecodedImage {
  const { pixels } = like;
  const copy =
    pixels instanceof Float32Array
      ? mat.data32F.slice()
      : pixels instanceof Uint16Array
        ? mat.data16U.slice()
        : mat.data.slice();
  return { ...like, pixels: copy, shape: [mat.rows, mat.cols, 1] };
}

/** Bins that the levels of an image are counted in. */
const BINS = 4096;

/**
 * Levels below which given shares of the pixels lie, as fractions of white, to 1 / 4096.
 *
 * @param shares each 0 to 1
 */
export function quantiles(image: DecodedImage, shares: readonly number[]): number[] {
  const { pixels } = image;
  const counts = new Float64Array(BINS);
  const scale = (BINS - 1) / whiteOf(image);
  for (let i = 0; i < pixels.length; i++) counts[Math.floor(pixels[i] * scale + 0.5)]++;
  return shares.map((share) => {
    const below = share * (pixels.length - 1);
    let bin = 0;
    for (let seen = counts[0]; seen <= below && bin < BINS - 1; seen += counts[bin]) bin++;
    return bin / (BINS - 1);
  });
}

/** The image as bytes, its levels spread from 0 to 255 but for the outermost thousandths. */
export function toBytes(image: DecodedImage): DecodedImage {
  const { pixels, shape } = image;
  const white = whiteOf(image);
  const [low, high] = quantiles(image, [0.001, 0.999]).map((level) => level * white);
  const scale = high > low ? 255 / (high - low) : 0;
  const bytes = new Uint8ClampedArray(pixels.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (pixels[i] - low) * scale;
  return { pixels: bytes, shape };
}
