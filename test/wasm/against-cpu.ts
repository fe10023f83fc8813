import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expect } from 'vitest';

/**
 * Expects `compute` to give on wasm, with the SIMD module and with composed operations alone, what it gives on
 * cpu, to 1e-5 of the largest value, without a leak.
 *
 * @param forms SIMD alone where the stock kernel behind it is wrong
 */
export async function expectSameOnWasm(
  what: string,
  compute: () => tf.Tensor[],
  forms: readonly ('SIMD' | 'composed')[] = ['SIMD', 'composed'],
): Promise<void> {
  const expected = await run('cpu', compute);
  const scale = expected.values.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  for (const form of forms) {
    await tf.setBackend('wasm');
    const actual = await (form === 'SIMD'
      ? run('wasm', compute)
      : withoutSimd(() => run('wasm', compute)));
    const where = `${what}, ${form}`;
    expect(actual.leaked, `${where}: tensors left`).toBe(0);
    expect(actual.dataLeaked, `${where}: buffers left`).toBe(0);
    expect(actual.shapes, where).toEqual(expected.shapes);
    const errors = expected.values.map((value, i) => Math.abs(value - actual.values[i]) / scale);
    // Math.max lets a NaN through, so one fails the test.
    const worst = errors.reduce((max, error) => Math.max(max, error), 0);
    expect(worst, where).toBeLessThan(1e-5);
  }
}

/** Runs `body` as where the current wasm backend's memory cannot be reached. */
export async function withoutSimd<T>(body: () => Promise<T>): Promise<T> {
  const backend = tf.backend() as tf.KernelBackend & Record<symbol, unknown>;
  const key = Symbol.for('salad-ad/wasm/simd');
  const module = backend[key];
  backend[key] = null;
  try {
    return await body();
  } finally {
    backend[key] = module;
  }
}

async function run(backend: 'cpu' | 'wasm', compute: () => tf.Tensor[]) {
  await tf.setBackend(backend);
  const { numTensors } = tf.memory();
  const buffers = tf.backend().numDataIds();
  const outputs = tf.tidy(compute);
  const values = outputs.flatMap((output) => Array.from(output.dataSync()));
  const shapes = outputs.map((output) => output.shape);
  tf.dispose(outputs);
  const after = tf.memory();
  return {
    values,
    shapes,
    leaked: after.numTensors - numTensors,
    dataLeaked: tf.backend().numDataIds() - buffers,
  };
}
