import { splitByLabel } from './labelled-scores.js';
import { countAtThresholds } from './threshold-counts.js';
import { totalWins } from './wins.js';

/** The points of a ROC curve, from (0, 0) to (1, 1), thresholds falling. */
export interface RocCurve {
  /** [count], the share of normal images at or above each threshold (1 - specificity). */
  readonly falsePositiveRates: Float64Array;
  /** [count], the share of anomalous images at or above each threshold (sensitivity). */
  readonly truePositiveRates: Float64Array;
  /** [count], the first is Infinity, above every score; then each distinct score once. */
  readonly thresholds: Float64Array;
}

/**
 * Sensitivity against false alarms at every threshold that the scores can tell apart.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns One point per distinct score, after (0, 0).
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @example
 * rocCurve([0.1, 0.4, 0.8], [0, 1, 1]).truePositiveRates; // 0, 0.5, 1, 1
 */
export function rocCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): RocCurve {
  return rocPoints('rocCurve', scores, labels);
}

/** {@link rocCurve}, for a caller whose name the errors bear. */
export function rocPoints(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): RocCurve {
  const counts = countAtThresholds(where, scores, labels);
  return {
    falsePositiveRates: withFirst(0, counts.falsePositives, counts.normals),
    truePositiveRates: withFirst(0, counts.truePositives, counts.anomalies),
    thresholds: withFirst(Infinity, counts.thresholds, 1),
  };
}

/**
 * Area under the ROC curve: the chance that an anomalous image scores above a normal one.
 *
 * AUC = (pairs won + pairs tied / 2) / (anomalies * normals), in O(n log n).
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns A number in [0, 1]; 0.5 is chance.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @see Hanley and McNeil, The meaning and use of the area under a ROC curve, Radiology 1982.
 * @example
 * areaUnderRoc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.75
 */
export function areaUnderRoc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const { normal, anomalous } = splitByLabel('areaUnderRoc', scores, labels);
  return totalWins(anomalous, normal) / (anomalous.length * normal.length);
}

function withFirst(first: number, values: Float64Array, divisor: number): Float64Array {
  const all = new Float64Array(values.length + 1);
  all[0] = first;
  for (let i = 0; i < values.length; i++) all[i + 1] = values[i] / divisor;
  return all;
}
