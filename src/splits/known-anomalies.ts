import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { halfUp } from './half-up.js';

/** Options of `drawKnownAnomalies`. */
export interface KnownAnomalyOptions {
  /** abnormal / (normal + abnormal) among the training images, at least 0 and below 1. */
  readonly ratio: number;
  /**
   * `added`: every normal image stays and anomalies are added.
   * `replacing`: anomalies take the place of normals, so the set keeps the number of normals.
   */
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
 * @returns indices of the images to train on, increasing
 * @throws EMPTY_SET without normals, INVALID_OPTION when there are too few anomalies
 * @example
 * const chosen = drawKnownAnomalies(pool.labels, { ratio: 0.05, form: 'added', seed: 7 });
 * const train = subset(pool, chosen);
 */
export function drawKnownAnomalies(
  labels: ArrayLike<number>,
  options: KnownAnomalyOptions,
): number[] {
  checkKnownOptions('drawKnownAnomalies', options, ['ratio', 'form', 'seed']);
  const { ratio, form, seed } = options;
  checkNumber('drawKnownAnomalies', 'ratio', ratio, { min: 0, max: 1 });
  check(
    ratio < 1 && (form === 'added' || form === 'replacing'),
    'INVALID_OPTION',
    () =>
      `drawKnownAnomalies: ratio is ${ratio} and form is '${form}'; expected a ratio below 1, and 'added' or 'replacing'.`,
    { ratio, form },
  );
  const indices = Array.from(labels, (_, i) => i);
  const normals = indices.filter((i) => labels[i] === 0);
  const anomalies = indices.filter((i) => labels[i] === 1);
  check(
    normals.length > 0,
    'EMPTY_SET',
    () => `drawKnownAnomalies: none of ${labels.length} images is labelled 0; expected normals.`,
  );
  const wanted = form === 'added' ? (ratio * normals.length) / (1 - ratio) : ratio * normals.length;
  const n = halfUp(wanted);
  check(
    n <= anomalies.length,
    'INVALID_OPTION',
    () =>
      `drawKnownAnomalies: a ratio of ${ratio} beside ${normals.length} normals takes ${n} known anomalies but ${anomalies.length} images are labelled 1; lower the ratio.`,
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
