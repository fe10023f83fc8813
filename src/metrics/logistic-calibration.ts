import { SaladError } from '../support/errors.js';
import { distinctScores } from './distinct-scores.js';
import { splitByLabel } from './labelled-scores.js';

/** probability = 1 / (1 + exp(-(slope * score + intercept))); JSON. */
export interface LogisticCalibration {
  /** Which function fitted it. */
  readonly kind: 'logistic';
  /** Per unit of the score; above 0 where higher scores are more anomalous. */
  readonly slope: number;
  /** The log odds of an anomaly at score 0. */
  readonly intercept: number;
}

/**
 * The S-shaped curve from scores to probabilities that fits a set best (Platt's scaling).
 *
 * Minimises sum_i -t_i log p_i - (1 - t_i) log(1 - p_i), with t = (anomalies + 1) / (anomalies + 2)
 * for anomalous and 1 / (normals + 2) for normal images, which keeps the slope finite where the
 * scores separate the classes. Two numbers: fit for small sets, wrong where the truth is no S.
 * The probabilities hold at the prevalence of the set: see `calibrate.toPrevalence`.
 *
 * @param scores [count], of images that the model was not trained on, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns Slope 0 where all scores are equal.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, TRAINING_DIVERGED
 * @see Platt, Advances in Large Margin Classifiers 1999; Lin, Lin and Weng, Machine Learning 2007.
 * @example
 * const calibration = calibrate.logistic([1, 2, 3, 4], [0, 1, 0, 1]);
 * calibrate.apply(calibration, [2.5]); // 0.5
 */
export function fitLogisticCalibration(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): LogisticCalibration {
  const where = 'calibrate.logistic';
  const { normal, anomalous } = splitByLabel(where, scores, labels);
  const [high, low] = [(anomalous.length + 1) / (anomalous.length + 2), 1 / (normal.length + 2)];
  const targets = Float64Array.from(labels, (label) => (label === 1 ? high : low));
  if (distinctScores(scores) === 1) {
    const share = mean(targets);
    return { kind: 'logistic', slope: 0, intercept: Math.log(share / (1 - share)) };
  }
  // In units of the scores' own spread the two parameters are of one size.
  const center = mean(scores);
  const spread = Math.sqrt(mean(Array.from(scores, (score) => (score - center) ** 2)));
  const units = Float64Array.from(scores, (score) => (score - center) / spread);
  const { slope, intercept } = minimizeCrossEntropy(where, units, targets);
  return {
    kind: 'logistic',
    slope: slope / spread,
    intercept: intercept - (slope * center) / spread,
  };
}

/** Newton's method with halved steps: the loss is convex, so that it ends at the one minimum. */
function minimizeCrossEntropy(where: string, xs: Float64Array, targets: Float64Array) {
  let at: Line = { slope: 0, intercept: 0 };
  for (let step = 0; step < 100; step++) {
    const move = newtonStep(xs, targets, at);
    const loss = crossEntropy(xs, targets, at);
    // Rounding may raise the loss a little at the minimum, where the full step is the right one.
    const most = loss * (1 + 1e-12);
    let length = 1;
    let next = along(at, move, length);
    while (length > 1e-9 && crossEntropy(xs, targets, next) > most) {
      length /= 2;
      next = along(at, move, length);
    }
    at = next;
    const size = Math.hypot(1, at.slope, at.intercept);
    if (length === 1 && Math.hypot(move.slope, move.intercept) <= 1e-10 * size) return at;
  }
  throw new SaladError(
    'TRAINING_DIVERGED',
    `${where}: no minimum after 100 steps; look for scores far away from all others.`,
  );
}

type Line = { readonly slope: number; readonly intercept: number };

function along(at: Line, move: Line, length: number): Line {
  return {
    slope: at.slope + length * move.slope,
    intercept: at.intercept + length * move.intercept,
  };
}

function newtonStep(xs: Float64Array, targets: Float64Array, { slope, intercept }: Line): Line {
  let [bySlope, byIntercept] = [0, 0];
  // A trace on the diagonal, as Lin, Lin and Weng have it, for where every probability is 0 or 1.
  let [slopeSlope, slopeIntercept, interceptIntercept] = [1e-12, 0, 1e-12];
  for (let i = 0; i < xs.length; i++) {
    const probability = logistic(slope * xs[i] + intercept);
    const error = probability - targets[i];
    const weight = probability * (1 - probability);
    bySlope += error * xs[i];
    byIntercept += error;
    slopeSlope += weight * xs[i] * xs[i];
    slopeIntercept += weight * xs[i];
    interceptIntercept += weight;
  }
  const determinant = slopeSlope * interceptIntercept - slopeIntercept ** 2;
  return {
    slope: (slopeIntercept * byIntercept - interceptIntercept * bySlope) / determinant,
    intercept: (slopeIntercept * bySlope - slopeSlope * byIntercept) / determinant,
  };
}

/** Sum of log(1 + e^z) - t z, which no z overflows. */
function crossEntropy(xs: Float64Array, targets: Float64Array, { slope, intercept }: Line): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    const z = slope * xs[i] + intercept;
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[i] * z;
  }
  return sum;
}

/** 1 / (1 + e^-z). */
export function logistic(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
