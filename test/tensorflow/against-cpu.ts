import * as util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect } from 'vitest';
import { expectNoLeak } from '../support/backends.js';

// Named by a variable: where the package is not installed, the types are not there either.
const notAlwaysInstalled: string = '@tensorflow/tfjs-node';

const installed = await import(notAlwaysInstalled).then(
  () => true,
  () => false,
);

/** A suite for tfjs-node, skipped by name where that does not load, and on Node 23 and later, where no operation runs. */
export const describeTensorFlow = describe.skipIf(!installed || !('isNullOrUndefined' in util));

/**
 * Expects `run` to give on 'tensorflow', by way of `kernels`, what it gives on 'cpu': to `tolerance` of
 * the largest number of a tensor, or of 1. It is run in a tidy and must leave nothing else behind.
 */
export async function expectAsOnCpu(
  kernels: readonly string[],
  run: () => tf.Tensor[],
  tolerance = 1e-5,
): Promise<void> {
  await tf.setBackend('cpu');
  const expected = read(run);
  await tf.setBackend('tensorflow');
  let found: typeof expected = [];
  const { kernelNames } = await tf.profile(() => {
    found = read(run);
  });
  expect(kernelNames).toEqual(expect.arrayContaining([...kernels]));
  await expectNoLeak(() => {
    read(run);
  });
  expect(found.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [i, { values }] of expected.entries()) {
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
    const error = values.reduce(
      (largest, value, j) => Math.max(largest, Math.abs(value - found[i].values[j])),
      0,
    );
    // Written so that NaN does not pass.
    expect(error <= tolerance * scale, `tensor ${i} is off by ${error} of ${scale}`).toBe(true);
  }
}

function read(run: () => tf.Tensor[]) {
  return tf.tidy(() =>
    run().map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() as Float32Array })),
  );
}
