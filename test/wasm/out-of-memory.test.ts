import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';

type Backend = tf.KernelBackend & { wasm: { _malloc(bytes: number): number } };

test('a kernel that finds no memory says so, and leaves what there is as it was', async () => {
  enableWasmTraining();
  await tf.setBackend('wasm');
  const { wasm } = tf.backend() as Backend;
  const malloc = wasm._malloc;
  const x = tf.ones([4, 4]);
  const buffers = tf.backend().numDataIds();
  wasm._malloc = () => 0;
  try {
    expect(() => tf.exp(x)).toThrow(
      /no memory for a tensor \[4,4\].*use smaller.*\[OUT_OF_MEMORY\]/,
    );
  } finally {
    wasm._malloc = malloc;
  }
  expect(tf.backend().numDataIds()).toBe(buffers);
  expect([...tf.exp(x).dataSync()]).toEqual([...tf.exp(tf.ones([4, 4])).dataSync()]);
});
