import { check } from '../../support/check.js';
import type { InPieces } from '../../support/in-turns.js';
import { choleskyInPlace, choleskySolve } from './cholesky.js';
import { dot } from './row-products.js';

/** The minimum, by sample: w = sum_i residuals_i x_i / l2. */
export interface DualSolution {
  /** [n], label - probability at the minimum. */
  readonly residuals: Float64Array;
  readonly intercept: number;
  /** Newton steps taken. */
  readonly steps: number;
}

/**
 * Minimises sum_i log(1 + exp(f_i)) - y_i f_i + a^T K a / 2 over a and b, with f = K a + b.
 *
 * This is ridge-penalised logistic regression seen from the samples: w = X^T a / l2 and
 * K = X X^T / l2, so that a step costs n^3 whatever the number of pixels. With W = p (1 - p) and
 * B = I + W^1/2 K W^1/2, whose smallest eigenvalue is 1, Newton's step solves
 * (K + W^-1) a + b = f + (y - p) / W with sum a = 0, and never divides by W.
 *
 * @param kernel [n, n], symmetric positive semi-definite.
 * @param tolerance On the length of the gradient with respect to sqrt(l2) w and b, over that at a = b = 0.
 * @throws TRAINING_DIVERGED when the steps do not get there
 * @see Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, algorithm 3.1.
 */
export function* minimizeLogisticDual(
  kernel: Float64Array,
  labels: ArrayLike<number>,
  { tolerance, maxSteps }: { tolerance: number; maxSteps: number },
): InPieces<DualSolution> {
  const n = labels.length;
  let state = stateAt(kernel, labels, new Float64Array(n), 0);
  const start = state.gradientNorm;
  let steps = 0;
  while (state.gradientNorm > tolerance * start && steps < maxSteps) {
    const goal = yield* newtonGoal(kernel, labels, state);
    let next = stateAt(kernel, labels, goal.a, goal.b);
    for (let share = 0.5; !(next.objective <= state.objective) && share > 1e-6; share /= 2) {
      const { a, b } = state;
      const between = a.map((value, i) => value + share * (goal.a[i] - value));
      next = stateAt(kernel, labels, between, b + share * (goal.b - b));
    }
    state = next;
    steps++;
    yield;
  }
  check(
    state.gradientNorm <= tolerance * start,
    'TRAINING_DIVERGED',
    () =>
      `fitLogisticRegression: after ${steps} steps the gradient is ${state.gradientNorm / start} ` +
      `of its start; expected ${tolerance}; raise l2 or tolerance.`,
    { steps, gradientNorm: state.gradientNorm },
  );
  return { residuals: state.a, intercept: state.b, steps };
}

interface State {
  readonly a: Float64Array;
  readonly b: number;
  /** K a. */
  readonly ka: Float64Array;
  readonly objective: number;
  /** Length of the gradient with respect to sqrt(l2) w and b. */
  readonly gradientNorm: number;
}

function stateAt(
  kernel: Float64Array,
  labels: ArrayLike<number>,
  a: Float64Array,
  b: number,
): State {
  const n = labels.length;
  const ka = times(kernel, a);
  let objective = dot(a, 0, ka, 0, n) / 2;
  let slope = 0;
  const excess = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const f = ka[i] + b;
    objective += Math.max(f, 0) + Math.log1p(Math.exp(-Math.abs(f))) - labels[i] * f;
    const residual = labels[i] - probability(f);
    slope += residual;
    excess[i] = a[i] - residual;
  }
  const squares = dot(excess, 0, times(kernel, excess), 0, n);
  return { a, b, ka, objective, gradientNorm: Math.sqrt(Math.max(0, squares) + slope * slope) };
}

function* newtonGoal(
  kernel: Float64Array,
  labels: ArrayLike<number>,
  { ka, b }: State,
): InPieces<Pick<State, 'a' | 'b'>> {
  const n = labels.length;
  const weights = new Float64Array(n);
  const right = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const p = probability(ka[i] + b);
    weights[i] = p * (1 - p);
    right[i] = weights[i] * (ka[i] + b) + labels[i] - p;
  }
  const roots = weights.map(Math.sqrt);
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) factor[i * n + j] = roots[i] * kernel[i * n + j] * roots[j];
    factor[i * n + i] += 1;
  }
  yield* choleskyInPlace(factor, n);
  // (I + W K)^-1 v = v - W^1/2 B^-1 W^1/2 K v
  const solve = (v: Float64Array) => {
    const inner = choleskySolve(
      factor,
      times(kernel, v).map((value, i) => value * roots[i]),
    );
    return v.map((value, i) => value - roots[i] * inner[i]);
  };
  const free = solve(right);
  const shift = solve(weights);
  const nextB = sum(free) / sum(shift);
  return { a: free.map((value, i) => value - nextB * shift[i]), b: nextB };
}

function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  return vector.map((_, i) => dot(matrix, i * n, vector, 0, n));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
