import type { ImageProblem } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { arrivals, checkAllRead } from '../learning/arrivals.js';
import { batchesAhead, readPrepared } from '../learning/intake.js';
import { Ahead } from '../support/ahead.js';
import { check } from '../support/check.js';
import type { Network } from './network.js';

/** Images that the pixel variance is estimated on, evenly spaced. */
const VARIANCE_IMAGES = 1024;

/** Of the normalised pixels, each as much as it counts, of the images that could be read. */
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
    const { masks } = prepared;
    const channels = masks ? images.length / masks.length : 1;
    for (let i = 0; i < images.length; i++) {
      const weight = masks ? masks[Math.floor(i / channels)] : 1;
      sum += weight * images[i];
      squares += weight * images[i] * images[i];
      pixels += weight;
    }
  }
  if (pixels === 0) checkAllRead(where, problems);
  check(
    pixels > 0,
    'INVALID_IMAGES',
    () =>
      `${where}: the masks of all ${count} images looked at ('${source.ids[0]}', ...) are 0 everywhere; expected 1 to 255 where a pixel counts; leave the masks out where every pixel does.`,
  );
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
