import type { Interval } from '../metrics/interval.js';

/** P(|T| <= t) of Student's t with a whole number of degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4). */
function studentWithin(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let n = odd ? 3 : 2; n < degrees; n += 2) {
    term *= ((n - 1) / n) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/** The t with P(|T| <= t) = level: 3.182 for .95 and 3 degrees of freedom. */
export function studentHalfWidth(level: number, degrees: number): number {
  let high = 1;
  while (studentWithin(high, degrees) < level) high *= 2;
  let low = 0;
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentWithin(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * A value over replicates, one for each seed.
 *
 * @example
 * const { mean, standardDeviation = 0 }: Replicates = { mean: 0.9, standardDeviation: 0.01, count: 4 };
 */
export interface Replicates {
  /** Arithmetic mean. */
  readonly mean: number;
  /** Sample standard deviation (n - 1); absent for a single value. */
  readonly standardDeviation?: number;
  /** How many values. */
  readonly count: number;
}

export function replicatesOf(values: readonly number[]): Replicates {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, count };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(squares / (count - 1)), count };
}

/** Mean with its interval by Student's t, mean +- t * sd / sqrt(n); undefined of fewer than two values. */
export function meanInterval(values: readonly number[], level = 0.95): Interval | undefined {
  const { mean, standardDeviation, count } = replicatesOf(values);
  if (standardDeviation === undefined) return undefined;
  const half = (studentHalfWidth(level, count - 1) * standardDeviation) / Math.sqrt(count);
  return { estimate: mean, lower: mean - half, upper: mean + half };
}
