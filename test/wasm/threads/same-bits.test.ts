import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import { bitsOf } from './bits.js';
import { cutSmallWork } from './cut-small-work.js';
import { kernelCases } from './kernel-cases.js';
import { removeWasm, useThreadedWasm } from './threaded.js';

/** Of the package's usual backend, whose memory no thread shares. */
const unshared = new Map<string, string[]>();

describe('kernels on threads', () => {
  let cut: ReturnType<typeof cutSmallWork>;
  beforeAll(async () => {
    await tf.setBackend('wasm');
    enableWasmTraining();
    for (const [name, compute] of kernelCases) unshared.set(name, bitsOf(compute));
    await useThreadedWasm(1);
    cut = cutSmallWork();
  });
  afterAll(() => {
    cut.restore();
    removeWasm();
  });

  test.each(kernelCases)('%s: the same bits on 1, 2 and 8 threads', async (name, compute) => {
    for (const threads of [1, 2, 8]) {
      enableWasmTraining({ threads });
      const before = cut.count;
      const { numTensors } = tf.memory();
      const buffers = tf.backend().numDataIds();
      expect(bitsOf(compute), `${threads} threads`).toEqual(unshared.get(name));
      expect(tf.memory().numTensors, 'tensors left').toBe(numTensors);
      expect(tf.backend().numDataIds(), 'buffers left').toBe(buffers);
      // Otherwise nothing was compared.
      if (threads > 1) expect(cut.count, 'runs that were cut').toBeGreaterThan(before);
    }
  });
});
