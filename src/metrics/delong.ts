import { checkKnownOptions } from '../support/check.js';
import { checkLevel, type Interval } from './interval.js';
import { splitByLabel } from './labelled-scores.js';
import { normalHalfWidth, normalTwoSided } from './normal-distribution.js';
import { winsOver } from './wins.js';

/** An area under the ROC curve with its standard error. */
export interface AreaInterval extends Interval {
  /** Square root of DeLong's variance, on the scale of the area. */
  readonly standardError: number;
}

/**
 * Area under the ROC curve with DeLong's confidence interval.
 *
 * Var = var(V10) / anomalies + var(V01) / normals, where V10 is for each anomalous image the share of
 * normal ones that it outscores and V01 for each normal image the share of anomalous ones above it;
 * the interval is logit(AUC) +- z * sqrt(Var) / (AUC (1 - AUC)), taken back.
 * The logit keeps it inside (0, 1) and near its nominal coverage for areas close to 1, where the
 * plain interval, estimate +- z * standardError (pROC's default), runs past 1. Zero variance, as with
 * a perfect separation, gives an interval of no width: it says nothing about the next image.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous; at least two of each.
 * @returns The area, in [0, 1], with its interval.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @see DeLong et al., Biometrics 1988; Sun and Xu, IEEE Signal Processing Letters 2014 (the
 * O(n log n) form); Pepe, The Statistical Evaluation of Medical Tests, 2003, 5.2.4 (the logit).
 * @example
 * delongInterval([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]).estimate; // 0.75
 */
export function delongInterval(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: {
    /** Confidence of the interval, in (0, 1). @defaultValue 0.95 */
    readonly level?: number;
  } = {},
): AreaInterval {
  const where = 'delongInterval';
  const z = halfWidth(where, options);
  const { forAnomalies, forNormals } = placements(where, scores, labels);
  const estimate = mean(forAnomalies);
  const standardError = Math.sqrt(varianceOfMean(forAnomalies) + varianceOfMean(forNormals));
  if (standardError === 0) return { estimate, lower: estimate, upper: estimate, standardError };
  const odds = estimate / (1 - estimate);
  const spread = Math.exp((z * standardError) / (estimate * (1 - estimate)));
  return {
    estimate,
    lower: odds / (odds + spread),
    upper: odds / (odds + 1 / spread),
    standardError,
  };
}

/**
 * DeLong's test of two detectors on the same images.
 *
 * z = (AUC_A - AUC_B) / sqrt(Var), with Var from the paired differences of the two detectors'
 * placements, which carries their covariance; the interval is the plain difference +- z * error.
 * Zero error gives z = 0 for equal areas and an infinite z otherwise.
 *
 * @param scoresA [count], higher = more anomalous, finite.
 * @param scoresB [count], the other detector's, same images in the same order.
 * @param labels [count], 0 = normal, 1 = anomalous; at least two of each.
 * @returns The difference, in [-1, 1], its interval and its p-value.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @see DeLong et al., Biometrics 1988. It takes the images as independent: with several images of a
 * patient use {@link bootstrapInterval} with `groups`.
 * @example
 * delongTest([0.1, 0.2, 0.8, 0.9], [0.1, 0.8, 0.2, 0.9], [0, 0, 1, 1]).difference; // 1 - 0.75
 */
export function delongTest(
  scoresA: ArrayLike<number>,
  scoresB: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: {
    /** Confidence of the interval, in (0, 1). @defaultValue 0.95 */
    readonly level?: number;
  } = {},
): {
  /** Area of A minus area of B. */
  difference: number;
  /** Lower end of the interval of the difference. */
  lower: number;
  /** Upper end of the interval of the difference. */
  upper: number;
  /** Square root of the variance of the difference. */
  standardError: number;
  /** difference / standardError. */
  z: number;
  /** Two-sided, against equal areas. */
  pValue: number;
} {
  const where = 'delongTest';
  const width = halfWidth(where, options);
  const a = placements(where, scoresA, labels, 'scoresA');
  const b = placements(where, scoresB, labels, 'scoresB');
  const forAnomalies = a.forAnomalies.map((value, i) => value - b.forAnomalies[i]);
  const forNormals = a.forNormals.map((value, j) => value - b.forNormals[j]);
  const difference = mean(forAnomalies);
  const standardError = Math.sqrt(varianceOfMean(forAnomalies) + varianceOfMean(forNormals));
  const z = difference === 0 ? 0 : difference / standardError;
  return {
    difference,
    lower: difference - width * standardError,
    upper: difference + width * standardError,
    standardError,
    z,
    pValue: normalTwoSided(z),
  };
}

/** V10 and V01: each image's share of the other class that it is ranked rightly against. */
function placements(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  name = 'scores',
) {
  const { normal, anomalous } = splitByLabel(where, scores, labels, { atLeast: 2, name });
  const sortedNormal = normal.slice().sort();
  const sortedAnomalous = anomalous.slice().sort();
  return {
    forAnomalies: anomalous.map((score) => winsOver(sortedNormal, score) / normal.length),
    forNormals: normal.map((score) => 1 - winsOver(sortedAnomalous, score) / anomalous.length),
  };
}

function halfWidth(where: string, options: { readonly level?: number }): number {
  checkKnownOptions(where, options, { level: true });
  const { level = 0.95 } = options;
  checkLevel(where, level);
  return normalHalfWidth(level);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOfMean(values: Float64Array): number {
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}
