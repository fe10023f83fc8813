import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from '../../src/support/random.js';
import { normal as drawn } from '../support/normal.js';

/** Numbers by name: what a case finds. */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

/**
 * One thing that every backend must do alike.
 *
 * Nothing here knows a test runner or a platform, so that the same cases run in Node and in a page.
 */
export interface ConformanceCase {
  readonly name: string;
  readonly run: () => Promise<Values>;
  /** How much further than usual the values may stray; 1 unless told. */
  readonly slack?: number;
  /** What is right; where absent, what the cpu backend finds. */
  readonly expected?: Values;
}

/** What became of a case on a backend; plain JSON, since it may come out of a page. */
export interface Outcome {
  readonly name: string;
  readonly values?: Record<string, number[]>;
  readonly error?: string;
  /** Tensors that are there after the case and were not before. */
  readonly tensorsLeft: number;
  readonly seconds: number;
}

/** Runs a case on the backend in use; one that throws is an outcome too. */
export async function outcomeOf({ name, run }: ConformanceCase): Promise<Outcome> {
  const before = tf.memory().numTensors;
  const start = performance.now();
  let found: Pick<Outcome, 'values' | 'error'>;
  try {
    const values = Object.entries(await run());
    found = { values: Object.fromEntries(values.map(([key, list]) => [key, Array.from(list)])) };
  } catch (error) {
    found = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const seconds = (performance.now() - start) / 1000;
  return { name, ...found, tensorsLeft: tf.memory().numTensors - before, seconds };
}

/** Reads tensors by name and disposes them; without the synchronous reads that WebGPU lacks in Node. */
export async function read(tensors: Readonly<Record<string, tf.Tensor>>): Promise<Values> {
  const entries = Object.entries(tensors).map(
    async ([name, tensor]) => [name, await tensor.data()] as const,
  );
  const values = Object.fromEntries(await Promise.all(entries));
  tf.dispose(Object.values(tensors));
  return values;
}

/** Standard normal numbers of a seed whose networks no backend rounds worse than the tolerances say. */
export function normal<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return drawn(name, shape, 11);
}

/** Unit rows, the same on every backend to the last bit: they are normalised here. */
export function unitRows(name: string, rows: number, dim: number): tf.Tensor2D {
  const random = new RandomStream(12, [name]);
  const values = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++) {
    const draws = Array.from({ length: dim }, () => random.gaussian());
    values.set(
      draws.map((draw) => draw / Math.hypot(...draws)),
      row * dim,
    );
  }
  return tf.tensor2d(values, [rows, dim]);
}
