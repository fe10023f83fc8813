import { countByScore, poolAdjacentViolators } from './isotonic-regression.js';
import { splitByLabel } from './labelled-scores.js';

/** A rising step-and-slope curve from scores to probabilities; JSON. */
export interface IsotonicCalibration {
  /** Which function fitted it. */
  readonly kind: 'isotonic';
  /** [points], rising; between two of them the probability is linear, beyond the ends it stays. */
  readonly scores: readonly number[];
  /** [points], in [0, 1], never falling. */
  readonly probabilities: readonly number[];
}

/**
 * The rising curve from scores to probabilities that fits a set best (least squares), by
 * pool-adjacent-violators.
 *
 * It keeps the order of the scores but ties many of them, gives probabilities of exactly 0 and 1 at
 * the ends, and needs hundreds of images of each class; with few use `calibrate.logistic`.
 * The probabilities hold at the prevalence of the set: see `calibrate.toPrevalence`.
 *
 * @param scores [count], of images that the model was not trained on, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns The points of the curve, for `calibrate.apply`.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @see Zadrozny and Elkan, KDD 2002; scikit-learn's IsotonicRegression(out_of_bounds='clip').
 * @example
 * const calibration = calibrate.isotonic([1, 2, 3, 4], [0, 1, 0, 1]);
 * calibrate.apply(calibration, [0, 1.5, 3]); // 0, 0.25, 0.5
 */
export function fitIsotonicCalibration(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): IsotonicCalibration {
  splitByLabel('calibrate.isotonic', scores, labels);
  const counts = countByScore(scores, labels);
  const shares = poolAdjacentViolators(counts);
  // Inside a level stretch the points say nothing that its two ends do not.
  const isCorner = (i: number) => shares[i] !== shares[i - 1] || shares[i] !== shares[i + 1];
  const corners = Array.from(shares.keys()).filter(isCorner);
  return {
    kind: 'isotonic',
    scores: corners.map((i) => counts.scores[i]),
    probabilities: corners.map((i) => shares[i]),
  };
}
