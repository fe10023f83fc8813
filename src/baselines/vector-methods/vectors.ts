import type { InPieces } from '../../support/in-turns.js';
import type { JsonRule } from '../../support/json-rules.js';
import type { RandomStream } from '../../support/random.js';
import { rowsAt } from '../../support/rows-at.js';

/** Vectors, one after the other. */
export interface Vectors {
  /** [count, dim], flattened. */
  readonly values: Float32Array;
  readonly dim: number;
}

/** What a method has learnt of vectors. */
export interface FittedVectors {
  /** Those that it still needs. */
  readonly kept: Vectors;
  /** All else; JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A method that scores vectors by others, higher = more anomalous. */
export interface VectorMethod {
  fit(vectors: Vectors): InPieces<FittedVectors>;
  /** What the facts of a file must be, beside the vectors that it kept. */
  factsRule(kept: Vectors): JsonRule;
  /** [count]. */
  scores(fitted: FittedVectors, queries: Vectors): InPieces<Float64Array>;
}

export function countOf({ values, dim }: Vectors): number {
  return values.length / dim;
}

/** The vectors at `rows`. */
export function pick({ values, dim }: Vectors, rows: readonly number[]): Vectors {
  return { values: rowsAt(values, dim, rows), dim };
}

/** |a_i - b_j|^2. */
export function squaredDistance(a: Vectors, i: number, b: Vectors, j: number): number {
  const [at, bt] = [i * a.dim, j * a.dim];
  let sum = 0;
  for (let d = 0; d < a.dim; d++) sum += (a.values[at + d] - b.values[bt + d]) ** 2;
  return sum;
}

/** [count], a number of each vector. */
export function* ofEach(vectors: Vectors, one: (i: number) => number): InPieces<Float64Array> {
  const values = new Float64Array(countOf(vectors));
  for (let i = 0; i < values.length; i++) {
    values[i] = one(i);
    yield;
  }
  return values;
}

/** `size` of 0 .. count - 1, in random order. */
export function sample(count: number, size: number, random: RandomStream): number[] {
  return Array.from(random.permutation(count).subarray(0, size));
}
