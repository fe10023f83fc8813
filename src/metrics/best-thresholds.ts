import { checkKnownOptions, checkNumber } from '../support/check.js';
import { checkPrevalence } from './prevalence-shift.js';
import { countAtThresholds, type ThresholdCounts } from './threshold-counts.js';

/**
 * The threshold with the largest sensitivity + specificity - 1 (Youden's J).
 *
 * It weighs the two rates alike, whatever the prevalence and the cost of a miss.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns One of the scores, the highest of equally good ones; Infinity where no J is above 0.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @see Youden, Index for rating diagnostic tests, Cancer 1950.
 * @example
 * thresholds.youden([0.1, 0.2, 0.35, 0.8], [0, 0, 1, 1]); // 0.35
 */
export function youdenThreshold(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const counts = countAtThresholds('thresholds.youden', scores, labels);
  const { normals, anomalies } = counts;
  return bestThreshold(counts, (found, flagged) => found * normals - flagged * anomalies);
}

/**
 * The threshold with the largest F1 = 2 TP / (2 TP + FP + FN), the harmonic mean of precision and
 * sensitivity.
 *
 * It moves with the prevalence: fit it where that is the prevalence of use.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns One of the scores, the highest of equally good ones.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @example
 * thresholds.f1([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.35, F1 = 4/5
 */
export function f1Threshold(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const counts = countAtThresholds('thresholds.f1', scores, labels);
  return bestThreshold(
    counts,
    (found, flagged) => (2 * found) / (found + flagged + counts.anomalies),
  );
}

/**
 * The threshold with the lowest expected cost per image.
 *
 * cost = falseNegative * prevalence * (1 - sensitivity)
 *      + falsePositive * (1 - prevalence) * (1 - specificity)
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns One of the scores, the highest of equally good ones; Infinity where it costs least to
 * flag nothing.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @see pROC's coords('best', best.weights = c(falseNegative / falsePositive, prevalence)).
 * @example
 * thresholds.cost([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], { falseNegative: 5 }); // 0.35
 */
export function costThreshold(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: {
    /** Cost of flagging a normal image, 0 or more. @defaultValue 1 */
    readonly falsePositive?: number;
    /** Cost of passing an anomalous one, 0 or more. @defaultValue 1 */
    readonly falseNegative?: number;
    /** Share of anomalous images where the threshold will be used, in (0, 1). @defaultValue the share in `labels` */
    readonly prevalence?: number;
  } = {},
): number {
  const where = 'thresholds.cost';
  checkKnownOptions(where, options, { falsePositive: true, falseNegative: true, prevalence: true });
  const { falsePositive = 1, falseNegative = 1 } = options;
  checkNumber(where, 'falsePositive', falsePositive, { min: 0 });
  checkNumber(where, 'falseNegative', falseNegative, { min: 0 });
  const counts = countAtThresholds(where, scores, labels);
  const { normals, anomalies } = counts;
  const measured = anomalies / (normals + anomalies);
  const { prevalence = measured } = options;
  checkPrevalence(where, 'prevalence', prevalence);
  const saved = falseNegative * (prevalence / measured);
  const spent = falsePositive * ((1 - prevalence) / (1 - measured));
  return bestThreshold(counts, (found, flagged) => saved * found - spent * flagged);
}

/** The highest threshold at which `value` is largest; flagging nothing comes first. */
function bestThreshold(
  { thresholds, truePositives, falsePositives }: ThresholdCounts,
  value: (truePositives: number, falsePositives: number) => number,
): number {
  let best = Infinity;
  let largest = value(0, 0);
  for (let i = 0; i < thresholds.length; i++) {
    const reached = value(truePositives[i], falsePositives[i]);
    if (reached <= largest) continue;
    largest = reached;
    best = thresholds[i];
  }
  return best;
}
