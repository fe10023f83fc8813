import type { ImageSource } from '../data/image-source.js';
import type { ImageProblem } from '../data/problem-report.js';
import { Ahead } from '../support/ahead.js';
import { check } from '../support/check.js';
import { arrivals, batchesAhead, checkAllRead, readPrepared } from './batches.js';
import type { Network } from './inference.js';

/** Images that the pixel variance is estimated on, evenly spaced. */
const VARIANCE_IMAGES = 1024;

/** The values of pixels that count for half or more. */
function countedPixels(images: Float32Array, masks: Float32Array): Float32Array {
  const channels = images.length / masks.length;
  return images.filter((_, i) => masks[Math.floor(i / channels)] >= 0.5);
}

/** Of the normalised pixels that count, of the images that could be read. */
export async function pixelVarianceOf(
  where: string,
  source: ImageSource,
  network: Network,
): Promise<{ pixelVariance: number; problems: ImageProblem[] }> {
  const count = Math.min(source.length, VARIANCE_IMAGES);
  let sum = 0;
  let squares = 0;
  let pixels = 0;
  const problems: ImageProblem[] = [];
  const rowsOf = (batch: number) => {
    const first = 64 * batch;
    return Int32Array.from({ length: Math.min(64, count - first) }, (_, i) =>
      Math.floor(((first + i) * source.length) / count),
    );
  };
  const read = (batch: number) => readPrepared(source, rowsOf(batch), network);
  const batches = new Ahead(read, Math.ceil(count / 64), batchesAhead(network));
  for (let batch = 0; 64 * batch < count; batch++) {
    const prepared = await batches.take(batch);
    const { images } = prepared;
    problems.push(...arrivals(source, rowsOf(batch), prepared).problems);
    const counted = prepared.masks ? countedPixels(images, prepared.masks) : images;
    for (let i = 0; i < counted.length; i++) {
      sum += counted[i];
      squares += counted[i] * counted[i];
    }
    pixels += counted.length;
  }
  if (pixels === 0) checkAllRead(where, problems);
  const mean = sum / pixels;
  const result = squares / pixels - mean * mean;
  check(
    Number.isFinite(result) && result > 1e-12,
    'INVALID_IMAGES',
    () =>
      `${where}: the variance of the training pixels is ${result} after image normalisation; expected images that are not all the same grey.`,
  );
  return { pixelVariance: result, problems };
}
