import type { Detector } from '../../learning/detector.js';
import { check, checkNumber } from '../../support/check.js';
import { aNumber, fields, listOf } from '../../support/json-rules.js';
import { type FeatureOptions, featureDetector, resolveFeatures } from './feature-detector.js';
import { solveOneClass } from './one-class-svm-solver.js';
import {
  countOf,
  ofEach,
  pick,
  squaredDistance,
  type VectorMethod,
  type Vectors,
} from './vectors.js';

/** Options of `oneClassSvm`. */
export interface OneClassSvmOptions extends FeatureOptions {
  /** Upper bound of the share of training images outside, in (0, 1] (scikit-learn: 0.5). @defaultValue 0.5 */
  readonly nu?: number;
  /** gamma of exp(-gamma |x - y|^2): a number above 0, or 'scale' = 1 / (dim * variance of all values). @defaultValue 'scale' */
  readonly gamma?: number | 'scale';
  /** Violation of the conditions for a minimum to stop at. @defaultValue 1e-6 */
  readonly tolerance?: number;
}

/**
 * A one-class support vector machine with a Gaussian kernel, on pixels or on embeddings.
 *
 *     score = rho - sum_i alpha_i exp(-gamma |x_i - x|^2)
 *
 * Labels are ignored. Holds an n x n kernel: for some thousands of images.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: SHAPE_MISMATCH, INVALID_IMAGES for vectors that are all one,
 * TRAINING_DIVERGED where the solver finds no minimum.
 * `loadDetector`: NOT_A_MODEL
 * @see Schölkopf et al., "Estimating the Support of a High-Dimensional Distribution", Neural Computation
 * 2001; scikit-learn's OneClassSVM has the same objective, and minus this score as its decision function.
 * @example
 * const onPixels = oneClassSvm({ inputShape: [32, 32, 1], nu: 0.1 });
 * const onEmbeddings = oneClassSvm({ inputShape: [32, 32, 1], features: (seed) => memDae({ backbone, seed }) });
 */
export function oneClassSvm(options: OneClassSvmOptions): Detector {
  const where = 'oneClassSvm';
  const settings = resolveFeatures(where, options, { nu: 0.5, gamma: 'scale', tolerance: 1e-6 });
  checkNumber(where, 'nu', settings.nu, { above: 0, max: 1 });
  checkNumber(where, 'tolerance', settings.tolerance, { above: 0 });
  const { gamma } = settings;
  if (gamma !== 'scale') checkNumber(where, 'gamma', gamma, { above: 0 });
  return featureDetector(where, settings, oneClassSvmMethod(settings));
}

/** Passes over the pairs after which the solver gives up, per vector. */
const STEPS_PER_VECTOR = 1000;

/** @throws INVALID_IMAGES where the vectors are all one | TRAINING_DIVERGED */
export function oneClassSvmMethod(
  options: Required<Pick<OneClassSvmOptions, 'nu' | 'gamma' | 'tolerance'>>,
): VectorMethod {
  const { nu, tolerance } = options;
  return {
    *fit(vectors) {
      const n = countOf(vectors);
      const gamma = options.gamma === 'scale' ? scaledGamma(vectors) : options.gamma;
      const kernel = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          const value = Math.exp(-gamma * squaredDistance(vectors, i, vectors, j));
          kernel[i * n + j] = value;
          kernel[j * n + i] = value;
        }
        yield;
      }
      const maxSteps = STEPS_PER_VECTOR * n;
      const { alphas, offset, steps } = yield* solveOneClass(kernel, n, {
        nu,
        tolerance,
        maxSteps,
      });
      check(
        steps < maxSteps,
        'TRAINING_DIVERGED',
        () => `oneClassSvm: no minimum after ${steps} steps; expected one; raise tolerance.`,
      );
      const rows = Array.from(alphas.keys()).filter((row) => alphas[row] > 0);
      const facts = { gamma, offset, alphas: rows.map((row) => alphas[row]) };
      return { kept: pick(vectors, rows), facts };
    },
    factsRule: (kept) =>
      fields({
        gamma: aNumber({ above: 0 }),
        offset: aNumber(),
        alphas: listOf(aNumber({ above: 0 }), countOf(kept), countOf(kept)),
      }),
    scores({ kept, facts }, queries) {
      const { gamma, offset, alphas } = facts as {
        gamma: number;
        offset: number;
        alphas: number[];
      };
      return ofEach(queries, (i) =>
        alphas.reduce(
          (score, alpha, j) =>
            score - alpha * Math.exp(-gamma * squaredDistance(queries, i, kept, j)),
          offset,
        ),
      );
    },
  };
}

/** scikit-learn's 'scale'. */
function scaledGamma({ values, dim }: Vectors): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const variance = squares / values.length - (sum / values.length) ** 2;
  check(
    variance > 1e-12,
    'INVALID_IMAGES',
    () =>
      `oneClassSvm: the variance of the training vectors is ${variance}; expected vectors that differ; give gamma a number.`,
  );
  return 1 / (dim * variance);
}
