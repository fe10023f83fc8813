import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expect } from 'vitest';
import { RandomStream } from '../../src/support/random.js';

/** Standard normal values, the same on every backend. */
export function normal<Shape extends number[]>(name: string, shape: Shape): tf.Tensor {
  const stream = new RandomStream(7, [name]);
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => stream.normal());
  return tf.tensor(values, shape);
}

/** Expects `compute` to give on wasm what it gives on cpu, to 1e-5 of the largest value, without a leak. */
export async function expectSameOnWasm(what: string, compute: () => tf.Tensor[]): Promise<void> {
  const expected = await run('cpu', compute);
  const actual = await run('wasm', compute);
  expect(actual.leaked, `${what}: tensors left`).toBe(0);
  expect(actual.dataLeaked, `${what}: buffers left`).toBe(0);
  expect(actual.shapes, what).toEqual(expected.shapes);
  const scale = Math.max(1, ...expected.values.map(Math.abs));
  const errors = expected.values.map((value, i) => Math.abs(value - actual.values[i]) / scale);
  // Math.max lets a NaN through, so one fails the test.
  const worst = errors.reduce((max, error) => Math.max(max, error), 0);
  expect(worst, what).toBeLessThan(1e-5);
}

async function run(backend: 'cpu' | 'wasm', compute: () => tf.Tensor[]) {
  await tf.setBackend(backend);
  const { numTensors, numDataBuffers } = tf.memory();
  const outputs = tf.tidy(compute);
  const values = outputs.flatMap((output) => Array.from(output.dataSync()));
  const shapes = outputs.map((output) => output.shape);
  tf.dispose(outputs);
  const after = tf.memory();
  return {
    values,
    shapes,
    leaked: after.numTensors - numTensors,
    dataLeaked: after.numDataBuffers - numDataBuffers,
  };
}
