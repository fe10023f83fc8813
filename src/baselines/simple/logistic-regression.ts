import { check, checkKnownOptions, checkList, checkNumber } from '../../support/check.js';
import { atOnce, type InPieces } from '../../support/in-turns.js';
import {
  checkImages,
  checkSameSize,
  featureCount,
  type PixelBlock,
} from '../detector/pixel-block.js';
import { minimizeLogisticDual } from './logistic-newton.js';
import { dot, rowProducts } from './row-products.js';

/** A fitted logistic regression. */
export interface LogisticRegression {
  /** w, [height * width * channels]. */
  readonly weights: Float64Array;
  /** b. */
  readonly intercept: number;
  /** Newton steps that the fit took. */
  readonly steps: number;
  /**
   * Log-odds of being abnormal, w . x + b: unlike probabilities they never saturate.
   *
   * @param images [count, height, width, channels], prepared as the training images were
   * @returns [count], higher = more anomalous
   * @throws SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE
   */
  scores(images: PixelBlock): Float64Array;
}

/**
 * Logistic regression on pixels: the simple baseline whenever some anomalies are known at training.
 *
 * Minimises sum_i log(1 + exp(-s_i (w . x_i + b))) + l2 / 2 |w|^2, s = +-1, b without penalty.
 * Exact to the tolerance and the same on every run. Costs n^2 * pixels + n^3 a step, fit for some
 * thousands of images.
 *
 * @param train [n, height, width, channels], normal and known anomalous images.
 * @param labels [n], 0 = normal, 1 = anomalous; both present.
 * @param options `l2`, `tolerance`, `maxSteps`
 * @returns the weights at the minimum, and a function that scores images with them
 * @throws SHAPE_MISMATCH, LABELS_MISMATCH, EMPTY_SET, NOT_FINITE, INVALID_OPTION, UNKNOWN_OPTION,
 * TRAINING_DIVERGED
 * @see scikit-learn's LogisticRegression(C = 1 / l2), the same objective.
 * @example
 * const train = { values: Float32Array.of(0, 0.2, 0.9, 1), shape: [4, 1, 1, 1] as const };
 * const model = fitLogisticRegression(train, [0, 0, 1, 1]);
 * model.scores(train); // rising, below 0 for the first two
 */
export function fitLogisticRegression(
  train: PixelBlock,
  labels: ArrayLike<number>,
  options: {
    /** Weight of |w|^2 / 2 against the summed loss, 1 / C of scikit-learn; above 0. @defaultValue 1 */
    readonly l2?: number;
    /** The gradient to stop at, as a share of the gradient at zero weights. @defaultValue 1e-9 */
    readonly tolerance?: number;
    /** Newton steps allowed; ten or so are usual. @defaultValue 100 */
    readonly maxSteps?: number;
  } = {},
): LogisticRegression {
  return atOnce(logisticRegressionInPieces(train, labels, options));
}

/** `fitLogisticRegression`, which may be interrupted. */
export function* logisticRegressionInPieces(
  train: PixelBlock,
  labels: ArrayLike<number>,
  options: NonNullable<Parameters<typeof fitLogisticRegression>[2]>,
): InPieces<LogisticRegression> {
  const where = 'fitLogisticRegression';
  checkKnownOptions(where, options, { l2: true, tolerance: true, maxSteps: true });
  const { l2 = 1, tolerance = 1e-9, maxSteps = 100 } = options;
  checkNumber(where, 'l2', l2, { above: 0 });
  checkNumber(where, 'tolerance', tolerance, { above: 0 });
  checkNumber(where, 'maxSteps', maxSteps, { min: 1, integer: true });
  checkImages(where, 'train', train);
  checkLabels(where, labels, train.shape[0]);

  const dim = featureCount(train);
  const center = featureMeans(train.values, dim);
  const rows = Float64Array.from(train.values, (value, i) => value - center[i % dim]);
  const kernel = (yield* rowProducts(rows, rows, dim)).map((product) => product / l2);
  const { residuals, intercept, steps } = yield* minimizeLogisticDual(kernel, labels, {
    tolerance,
    maxSteps,
  });
  const weights = new Float64Array(dim);
  for (let i = 0; i < rows.length; i++) {
    weights[i % dim] += (residuals[Math.floor(i / dim)] * rows[i]) / l2;
  }
  const uncentered = intercept - dot(weights, 0, center, 0, dim);
  return {
    weights,
    intercept: uncentered,
    steps,
    scores(images) {
      checkImages('LogisticRegression.scores', 'images', images);
      checkSameSize('LogisticRegression.scores', train, images);
      return logOdds({ weights, intercept: uncentered }, images);
    },
  };
}

/** w . x + b of each image x, [count]. */
export function logOdds(
  { weights, intercept }: Pick<LogisticRegression, 'weights' | 'intercept'>,
  images: PixelBlock,
): Float64Array {
  const dim = featureCount(images);
  const values = Float64Array.from(images.values);
  return Float64Array.from(
    { length: images.shape[0] },
    (_, i) => dot(values, i * dim, weights, 0, dim) + intercept,
  );
}

function featureMeans(values: Float32Array, dim: number): Float64Array {
  const means = new Float64Array(dim);
  for (let i = 0; i < values.length; i++) means[i % dim] += values[i];
  return means.map((total) => (total * dim) / values.length);
}

function checkLabels(where: string, labels: ArrayLike<number>, count: number): void {
  checkList(where, 'labels', labels);
  check(
    labels.length === count && Array.from(labels).every((label) => label === 0 || label === 1),
    'LABELS_MISMATCH',
    () =>
      `${where}: got ${labels.length} labels for ${count} images; expected one 0 (normal) or 1 ` +
      '(anomalous) per image.',
    { labels: labels.length, images: count },
  );
  const anomalies = Array.from(labels).reduce((sum, label) => sum + label, 0);
  check(
    anomalies > 0 && anomalies < count,
    'EMPTY_SET',
    () =>
      `${where}: labels hold ${anomalies} anomalous (1) among ${count}; expected both classes; ` +
      'without known anomalies use pixelBankScores.',
    { anomalies, count },
  );
}
