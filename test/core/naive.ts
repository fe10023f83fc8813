import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from '../../src/support/random.js';

export { codeOf } from '../support/code-of.js';

// The formulas once more, as loops over plain numbers: the slowest code that is plainly right.

export type Rows = number[][];

/** Random unit rows, exact in float32. */
export function unitRows(count: number, dim: number, seed: number): Rows {
  const random = new RandomStream(seed, ['rows', count, dim]);
  return Array.from({ length: count }, () => {
    const row = Array.from({ length: dim }, () => random.gaussian());
    const length = Math.hypot(...row);
    return row.map((value) => Math.fround(value / length));
  });
}

export const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** p_ij of Eq. 1 for one query over the whole bank. */
export function probabilities(z: number[], bank: Rows, temperature: number): number[] {
  const weights = bank.map((row) => Math.exp((dot(row, z) - 1) / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** -log of the probability of a set of rows. */
export function setLoss(
  z: number[],
  bank: Rows,
  set: Iterable<number>,
  temperature: number,
): number {
  const p = probabilities(z, bank, temperature);
  let sum = 0;
  for (const row of new Set(set)) sum += p[row];
  return -Math.log(sum);
}

/** H of row i over the bank, with or without itself. */
export function entropy(bank: Rows, i: number, temperature: number, includesSelf: boolean): number {
  const others = bank.filter((_, j) => includesSelf || j !== i);
  const p = probabilities(bank[i], others, temperature);
  return p.reduce((sum, value) => sum - (value > 0 ? value * Math.log(value) : 0), 0);
}

/** Rows of highest cosine to row i, ties to the lower row, itself left out. */
export function nearestRows(bank: Rows, i: number, k: number): number[] {
  const cosines = bank.map((row) => dot(row, bank[i]));
  const others = bank.map((_, j) => j).filter((j) => j !== i);
  return others.sort((a, b) => cosines[b] - cosines[a] || a - b).slice(0, k);
}

/** Both scores of Eq. 4 and the authors' later code, over the rows kept. */
export function scoresOf(z: number[], bank: Rows, k: number, keep: (row: number) => boolean) {
  const angles = bank
    .filter((_, row) => keep(row))
    .map((row) => {
      const apart = Math.hypot(...row.map((value, i) => value - z[i]));
      const along = Math.hypot(...row.map((value, i) => value + z[i]));
      return 2 * Math.atan2(apart, along);
    })
    .sort((a, b) => a - b);
  const nearest = angles.slice(0, k);
  const mean = nearest.reduce((a, b) => a + b, 0) / nearest.length;
  const total = angles.reduce((a, b) => a + b, 0);
  return { relative: total === 0 ? 0 : (angles.length * mean) / total, angular: mean / Math.PI };
}

export function differenceOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** Runs `work` on tensors of `inputs`, and frees whatever it made: only plain numbers come out. */
export function numbersOf(
  inputs: Rows[],
  work: (...tensors: tf.Tensor2D[]) => tf.Tensor,
): number[] {
  return tf.tidy(() => {
    const tensors = inputs.map((rows) => tf.tensor2d(rows));
    return Array.from(work(...tensors).dataSync());
  });
}
