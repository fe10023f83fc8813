import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { halfUp } from './half-up.js';

/** How known anomalies are drawn. */
export interface Draw {
  readonly ratio: number;
  readonly form: 'added' | 'replacing';
  readonly seed: number;
}

/**
 * Draws a training set with a given share of known anomalies.
 *
 *     added:      n = round(ratio * normals / (1 - ratio)) anomalies and every normal
 *     replacing:  n = round(ratio * normals) anomalies and normals - n normals
 *
 * Rounding is half up. With one seed a larger ratio holds the anomalies of a smaller one.
 *
 * @param labels one per image, 0 = normal, 1 = known anomaly
 * @param options `ratio`, `form`, `seed`
 * @returns indices of the images to train on, increasing
 * @throws EMPTY_SET where no image is normal; INVALID_OPTION, also where there are too few anomalies; UNKNOWN_OPTION
 * @example
 * const chosen = drawKnownAnomalies(pool.labels, { ratio: 0.05, form: 'added', seed: 7 });
 * const train = subset(pool, chosen);
 */
export function drawKnownAnomalies(
  labels: ArrayLike<number>,
  options: {
    /** abnormal / (normal + abnormal) among the training images, at least 0 and below 1. */
    readonly ratio: number;
    /**
     * `added`: every normal image stays and anomalies are added.
     * `replacing`: anomalies take the place of normals, so the set keeps its size.
     */
    readonly form: 'added' | 'replacing';
    /** Of the random stream. */
    readonly seed: number;
  },
): number[] {
  checkKnownOptions('drawKnownAnomalies', options, { ratio: true, form: true, seed: true });
  return drawAnomalies('drawKnownAnomalies', labels, options);
}

/** `drawKnownAnomalies` for the public call `where`. */
export function drawAnomalies(
  where: string,
  labels: ArrayLike<number>,
  { ratio, form, seed }: Draw,
): number[] {
  checkNumber(where, 'ratio', ratio, { min: 0, max: 1 });
  check(
    ratio < 1,
    'INVALID_OPTION',
    () => `${where}: ratio is ${ratio}; expected a number below 1.`,
    { ratio },
  );
  checkChoice(where, 'form', form, ['added', 'replacing']);
  const indices = Array.from(labels, (_, i) => i);
  const normals = indices.filter((i) => labels[i] === 0);
  const anomalies = indices.filter((i) => labels[i] === 1);
  check(
    normals.length > 0,
    'EMPTY_SET',
    () =>
      `${where}: none of ${labels.length} images is labelled 0; expected normal ones; add images without abnormality.`,
  );
  const wanted = form === 'added' ? (ratio * normals.length) / (1 - ratio) : ratio * normals.length;
  const n = halfUp(wanted);
  check(
    n <= anomalies.length,
    'INVALID_OPTION',
    () =>
      `${where}: a ratio of ${ratio} beside ${normals.length} normals takes ${n} known anomalies but ${anomalies.length} images are labelled 1; expected as many; lower the ratio.`,
    { ratio, needed: n, available: anomalies.length },
  );
  const kept = form === 'added' ? normals.length : normals.length - n;
  return [
    ...take(normals, kept, new RandomStream(seed, ['normals'])),
    ...take(anomalies, n, new RandomStream(seed, ['known-anomalies'])),
  ].sort((a, b) => a - b);
}

function take(from: readonly number[], count: number, random: RandomStream): number[] {
  return Array.from(random.permutation(from.length).subarray(0, count), (i) => from[i]);
}
