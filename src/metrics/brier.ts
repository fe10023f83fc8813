import { countByScore, poolAdjacentViolators } from './isotonic-regression.js';
import { checkLabelledProbabilities } from './probabilities.js';

/** The Brier score and its three terms: score = miscalibration - discrimination + uncertainty. */
export interface BrierDecomposition {
  /** Mean squared error of the probabilities, as {@link brierScore} gives it. */
  readonly score: number;
  /** What the best rising recalibration would take off; 0 for calibrated probabilities. */
  readonly miscalibration: number;
  /** What the order of the images takes off; 0 where it is chance. */
  readonly discrimination: number;
  /** prevalence * (1 - prevalence): the score of saying the prevalence for everyone. */
  readonly uncertainty: number;
}

/**
 * Brier score: the mean squared error of the probabilities.
 *
 * BS = mean (p_i - y_i)^2. Saying the prevalence for every image scores prevalence * (1 -
 * prevalence), which belongs beside it: where anomalies are rare, every score is small.
 *
 * @param probabilities [count], in [0, 1].
 * @param labels [count], 0 = normal, 1 = anomalous; one class may be missing.
 * @returns A number in [0, 1]; 0 is perfect.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @see Brier, Monthly Weather Review 1950.
 * @example
 * brierScore([0.1, 0.2, 0.6], [0, 0, 1]); // (0.01 + 0.04 + 0.16) / 3 = 0.07
 */
export function brierScore(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  checkLabelledProbabilities('brierScore', probabilities, labels);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i] - labels[i]) ** 2;
  return sum / labels.length;
}

/**
 * The Brier score as a sum of calibration, discrimination and what no detector can help.
 *
 * The probabilities are recalibrated on the set itself by pool-adjacent-violators; miscalibration =
 * score - score recalibrated, discrimination = uncertainty - score recalibrated. Unlike Murphy's
 * reliability and resolution it needs no bins; where the shares rise with the probabilities the two
 * agree. With few images the recalibration fits chance, and both terms come out too large.
 *
 * @param probabilities [count], in [0, 1].
 * @param labels [count], 0 = normal, 1 = anomalous; one class may be missing.
 * @returns Terms of 0 and more, but for rounding.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @see Dimitriadis, Gneiting and Jordan, PNAS 2021 (CORP).
 * @example
 * brierDecomposition([0.2, 0.2, 0.6, 0.6], [0, 0, 0, 1]);
 * // score 0.15 = miscalibration 0.025 - discrimination 0.0625 + uncertainty 0.1875
 */
export function brierDecomposition(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): BrierDecomposition {
  const anomalies = checkLabelledProbabilities('brierDecomposition', probabilities, labels);
  const counts = countByScore(probabilities, labels);
  const scoreOf = (saidOf: (point: number) => number) => {
    let sum = 0;
    for (const [i, images] of counts.images.entries()) {
      const said = saidOf(i);
      sum += counts.anomalies[i] * (1 - said) ** 2 + (images - counts.anomalies[i]) * said ** 2;
    }
    return sum / labels.length;
  };
  const shares = poolAdjacentViolators(counts);
  const score = scoreOf((i) => counts.scores[i]);
  const recalibrated = scoreOf((i) => shares[i]);
  const uncertainty = scoreOf(() => anomalies / labels.length);
  return {
    score,
    miscalibration: score - recalibrated,
    discrimination: uncertainty - recalibrated,
    uncertainty,
  };
}
