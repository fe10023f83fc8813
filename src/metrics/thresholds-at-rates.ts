import { check, checkNumber } from '../support/check.js';
import { promisedThreshold } from '../support/promised-threshold.js';
import { checkAllFinite } from './labelled-scores.js';
import { countAtThresholds } from './threshold-counts.js';

/**
 * A threshold for when no anomaly is known: the lowest one below which a share of new normal images is expected to lie.
 *
 * Just above the order statistic of rank ceil((n + 1) share), as `fitThreshold` of the model has it, so that new normal images
 * that are exchangeable with these give false alarms no more often than 1 - share. Fewer than share / (1 - share) images cannot
 * promise that: the threshold is then just above the highest, and the rate 1 / (n + 1).
 *
 * @param normalScores [count], of normal images that were not trained on.
 * @param share In (0, 1]: 0.95 flags about one normal image in twenty.
 * @returns A number on the scale of the scores.
 * @throws EMPTY_SET, NOT_FINITE, INVALID_OPTION
 * @example
 * thresholds.atQuantile([0.1, 0.2, 0.3, 0.4, 0.5], 0.6); // just above 0.4
 */
export function thresholdAtQuantile(normalScores: ArrayLike<number>, share: number): number {
  const where = 'thresholds.atQuantile';
  checkNumber(where, 'share', share, { above: 0, max: 1 });
  check(
    normalScores.length > 0,
    'EMPTY_SET',
    () => `${where}: normalScores is empty; expected at least one score.`,
  );
  checkAllFinite(where, 'normalScores', normalScores);
  return promisedThreshold(Float64Array.from(normalScores).sort(), share);
}

/**
 * The lowest score at which at least a share of the normal images is not flagged.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @param specificity In [0, 1].
 * @returns One of the scores, or Infinity (flag nothing) where none is specific enough.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @example
 * thresholds.atSpecificity([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.5); // 0.35
 */
export function thresholdAtSpecificity(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  specificity: number,
): number {
  return specificThreshold('thresholds.atSpecificity', scores, labels, specificity);
}

/** {@link thresholdAtSpecificity}, for a caller whose name the errors bear. */
export function specificThreshold(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  specificity: number,
): number {
  checkNumber(where, 'specificity', specificity, { min: 0, max: 1 });
  const { thresholds, falsePositives, normals } = countAtThresholds(where, scores, labels);
  // By counts, as 1 - 1/20 may round to less than 0.95 where 19/20 does not.
  const specific = falsePositives.filter((flagged) => (normals - flagged) / normals >= specificity);
  return specific.length > 0 ? thresholds[specific.length - 1] : Infinity;
}

/**
 * The highest score at which at least a share of the anomalous images is flagged.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @param sensitivity In (0, 1].
 * @returns One of the scores.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @example
 * thresholds.atSensitivity([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.5); // 0.8
 */
export function thresholdAtSensitivity(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  sensitivity: number,
): number {
  return sensitiveThreshold('thresholds.atSensitivity', scores, labels, sensitivity);
}

/** {@link thresholdAtSensitivity}, for a caller whose name the errors bear. */
export function sensitiveThreshold(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  sensitivity: number,
): number {
  checkNumber(where, 'sensitivity', sensitivity, { above: 0, max: 1 });
  const { thresholds, truePositives, anomalies } = countAtThresholds(where, scores, labels);
  return thresholds[truePositives.findIndex((found) => found / anomalies >= sensitivity)];
}
