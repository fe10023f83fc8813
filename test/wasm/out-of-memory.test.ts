import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import type { SaladError } from '../../src/support/errors.js';
import { freeingTape } from '../../src/support/free-tape.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { Simd } from '../../src/wasm/simd/simd.js';
import { cutSmallWork } from './threads/cut-small-work.js';
import { kernelCases } from './threads/kernel-cases.js';
import { removeWasm, useThreadedWasm } from './threads/threaded.js';

type Backend = tf.KernelBackend & { wasm: { _malloc(bytes: number): number } };

/** Lets the module find no memory at its request number `failing`, counted from 0. */
function withoutMemoryAt(failing: number, use: () => void): void {
  const { output } = Simd.prototype;
  const { wasm } = tf.backend() as Backend;
  const malloc = wasm._malloc;
  let asked = 0;
  Simd.prototype.output = function (...given) {
    if (asked++ === failing) wasm._malloc = () => 0;
    try {
      return output.apply(this, given);
    } finally {
      wasm._malloc = malloc;
    }
  };
  try {
    use();
  } finally {
    Simd.prototype.output = output;
  }
}

/** Whether memory was missing; any other error is the test's. */
function failed(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    expect((error as SaladError).code).toBe('OUT_OF_MEMORY');
    return true;
  }
}

const held = () => ({ tensors: tf.memory().numTensors, buffers: tf.backend().numDataIds() });

test('a kernel that finds no memory says so, and computes once there is some', async () => {
  enableWasmTraining();
  await tf.setBackend('wasm');
  const x = tf.ones([4, 4]);
  expect(() => withoutMemoryAt(0, () => tf.exp(x))).toThrow(
    /no memory for a tensor \[4,4\].*use smaller.*\[OUT_OF_MEMORY\]/,
  );
  expect([...tf.exp(x).dataSync()]).toEqual([...tf.exp(tf.ones([4, 4])).dataSync()]);
  tf.disposeVariables();
});

describe.each(['one thread', 'threads'])(
  'whichever memory is missing, nothing is left on %s',
  (where) => {
    let cut: ReturnType<typeof cutSmallWork> | undefined;
    afterAll(() => {
      cut?.restore();
      removeWasm();
    });
    test.each(kernelCases)('%s', async (_, compute) => {
      if (where === 'threads' && !cut) {
        await useThreadedWasm(2);
        cut = cutSmallWork();
      }
      const run = () => tf.dispose(freeingTape(() => tf.tidy(compute)));
      run();
      const before = held();
      let failures = 0;
      // One after the other, until there is no such request.
      while (failed(() => withoutMemoryAt(failures, run))) {
        expect(held(), `request ${failures}`).toEqual(before);
        failures++;
      }
      expect(failures).toBeGreaterThan(0);
    });
  },
);
