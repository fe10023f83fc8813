import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients, which tfjs-core alone does not in Node
import { beforeAll, describe, expect } from 'vitest';

const load = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
};

export type BackendName = keyof typeof load;

export const backendNames = Object.keys(load) as readonly BackendName[];

/** Registers a backend, makes it current and waits until it is ready. */
export async function useBackend(name: BackendName): Promise<void> {
  await load[name]();
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend did not start`);
  await tf.ready();
}

/** The same suite once on every backend; one that is not ready fails, it is never skipped. */
export function describeOnBackends(name: string, suite: (backend: BackendName) => void): void {
  describe.each(backendNames)(`${name} (%s)`, (backend) => {
    beforeAll(() => useBackend(backend));
    suite(backend);
  });
}

/**
 * Runs `body` and expects exactly `kept` more tensors than before (what it returns, usually).
 *
 * Await it, also where `body` is synchronous. A body that makes variables on its first call wants
 * one call beforehand.
 */
export async function expectNoLeak<T>(body: () => T | Promise<T>, kept = 0): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await body();
  expect(tf.memory().numTensors - before, 'tensors left behind').toBe(kept);
  return result;
}
