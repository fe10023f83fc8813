import type { ImageSource } from '../images/image-source.js';
import { checkAllRead, type ImageProblem } from '../images/problems.js';
import { preparedBatches } from '../learning/intake.js';
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
  const rows = Int32Array.from({ length: count }, (_, i) =>
    Math.floor((i * source.length) / count),
  );
  for await (const batch of preparedBatches(where, source, rows, 64, network)) {
    const { images, masks } = batch;
    problems.push(...batch.problems);
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
