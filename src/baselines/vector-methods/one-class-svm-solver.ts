import type { InPieces } from '../../support/in-turns.js';

/** Steps that go on without a break. */
const STEPS_OF_A_PIECE = 64;

/** The minimum of the one-class problem. */
export interface OneClassSolution {
  /** [n], in [0, 1], summing to nu n. */
  readonly alphas: Float64Array;
  /** rho: what sum_i alpha_i K(x_i, x) is on the boundary. */
  readonly offset: number;
  /** Pairs that were moved. */
  readonly steps: number;
}

/**
 * Minimises a^T K a / 2 with 0 <= a <= 1 and sum a = nu n, by moving the pair that violates the conditions
 * for a minimum most.
 *
 * @param kernel [n, n], symmetric positive semi-definite.
 * @param tolerance on that violation.
 * @see Fan, Chen, Lin, "Working Set Selection Using Second Order Information", JMLR 2005, WSS 1; libsvm
 * scales a as here.
 */
export function* solveOneClass(
  kernel: Float64Array,
  n: number,
  { nu, tolerance, maxSteps }: { nu: number; tolerance: number; maxSteps: number },
): InPieces<OneClassSolution> {
  const alphas = Float64Array.from({ length: n }, (_, i) => Math.max(0, Math.min(1, nu * n - i)));
  const slopes = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n && alphas[j] > 0; j++) slopes[i] += kernel[i * n + j] * alphas[j];
  }
  let steps = 0;
  for (; steps < maxSteps; steps++) {
    let up = -1;
    let down = -1;
    for (let i = 0; i < n; i++) {
      if (alphas[i] < 1 && (up < 0 || slopes[i] < slopes[up])) up = i;
      if (alphas[i] > 0 && (down < 0 || slopes[i] > slopes[down])) down = i;
    }
    if (up < 0 || down < 0 || slopes[down] - slopes[up] < tolerance) break;
    const curvature = kernel[up * n + up] + kernel[down * n + down] - 2 * kernel[up * n + down];
    const wanted = (slopes[down] - slopes[up]) / Math.max(curvature, 1e-12);
    const moved = Math.min(wanted, 1 - alphas[up], alphas[down]);
    // At a limit exactly, so that it is known to be there.
    alphas[up] = moved === 1 - alphas[up] ? 1 : alphas[up] + moved;
    alphas[down] = moved === alphas[down] ? 0 : alphas[down] - moved;
    if (steps % STEPS_OF_A_PIECE === 0) yield;
    for (let i = 0; i < n; i++) slopes[i] += moved * (kernel[up * n + i] - kernel[down * n + i]);
  }
  return { alphas, offset: offsetOf(alphas, slopes), steps };
}

/** The slope of those between the limits; where there are none, midway between the two sides. */
function offsetOf(alphas: Float64Array, slopes: Float64Array): number {
  let [sum, free] = [0, 0];
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  alphas.forEach((alpha, i) => {
    if (alpha >= 1) low = Math.max(low, slopes[i]);
    else if (alpha <= 0) high = Math.min(high, slopes[i]);
    else {
      sum += slopes[i];
      free += 1;
    }
  });
  if (free > 0) return sum / free;
  if (!Number.isFinite(low)) return high;
  return Number.isFinite(high) ? (low + high) / 2 : low;
}
