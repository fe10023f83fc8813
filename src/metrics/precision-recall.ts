import { check, checkList } from '../support/check.js';
import { countAnomalies } from './labelled-scores.js';
import { countAtThresholds } from './threshold-counts.js';

/** The points of a precision-recall curve, thresholds falling, recall rising to 1. */
export interface PrecisionRecallCurve {
  /** [count], the share of the images at or above each threshold that are anomalous. */
  readonly precisions: Float64Array;
  /** [count], the share of the anomalous images at or above each threshold (sensitivity). */
  readonly recalls: Float64Array;
  /** [count], each distinct score once. */
  readonly thresholds: Float64Array;
}

/**
 * Precision against recall at every threshold that the scores can tell apart.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns One point per distinct score; scikit-learn's curve reversed, less its added point (1, 0).
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @example
 * precisionRecallCurve([0.1, 0.4, 0.8], [0, 0, 1]).precisions; // 1, 0.5, 0.333...
 */
export function precisionRecallCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): PrecisionRecallCurve {
  return precisionRecallPoints('precisionRecallCurve', scores, labels);
}

/** {@link precisionRecallCurve}, for a caller whose name the errors bear. */
export function precisionRecallPoints(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): PrecisionRecallCurve {
  const { thresholds, truePositives, falsePositives, anomalies } = countAtThresholds(
    where,
    scores,
    labels,
  );
  return {
    precisions: truePositives.map((found, i) => found / (found + falsePositives[i])),
    recalls: truePositives.map((found) => found / anomalies),
    thresholds,
  };
}

/**
 * Average precision: the area under the precision-recall curve, without interpolation.
 *
 * AP = sum_i (recall_i - recall_{i-1}) * precision_i over falling thresholds; equal scores are one
 * threshold, as in scikit-learn. Chance is the {@link prevalence}, which belongs beside it.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns A number in (0, 1].
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @example
 * averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 1/2 * 1 + 1/2 * 2/3 = 0.8333...
 */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const { truePositives, falsePositives, anomalies } = countAtThresholds(
    'averagePrecision',
    scores,
    labels,
  );
  let sum = 0;
  let before = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const found = truePositives[i];
    sum += ((found - before) * found) / (found + falsePositives[i]);
    before = found;
  }
  return sum / anomalies;
}

/**
 * Share of the images that are anomalous: the average precision of a detector that knows nothing.
 *
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns A number in [0, 1].
 * @throws INVALID_OPTION, LABELS_MISMATCH, EMPTY_SET
 * @example
 * prevalence([0, 0, 0, 1]); // 0.25
 */
export function prevalence(labels: ArrayLike<number>): number {
  checkList('prevalence', 'labels', labels);
  check(
    labels.length > 0,
    'EMPTY_SET',
    () => 'prevalence: labels is empty; expected at least one label.',
  );
  return countAnomalies('prevalence', labels) / labels.length;
}
