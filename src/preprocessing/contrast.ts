import type { DecodedImage } from '../decoding/decoder.js';
import { greyFilm, quantiles } from './film.js';

/**
 * The contrast of an image: the span of its levels without the outermost hundredths.
 *
 *     contrast = (99th percentile - 1st percentile) / white
 *
 * @param image one image, grey or colour
 * @returns 0 to 1
 * @throws INVALID_OPTION, INVALID_IMAGES, SHAPE_MISMATCH
 * @see antoine-spahr/X-ray-Anomaly-Detection, which calls an image low in contrast under 0.05.
 * @example
 * const isFaint = stages.contrast(film) < 0.05;
 */
export function contrastOf(image: DecodedImage): number {
  const [low, high] = quantiles(greyFilm('stages.contrast', image), [0.01, 0.99]);
  return high - low;
}
