import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect } from 'vitest';

/** Says which kernels the tests of a file run on wasm, and fails the file where one does not run. */
export function covers(...kernelNames: string[]): void {
  const engine = tf.engine();
  const { runKernel } = engine;
  const ran = new Set<string>();
  beforeAll(() => {
    engine.runKernel = (name, ...rest) => {
      if (tf.getBackend() === 'wasm') ran.add(name);
      return runKernel.call(engine, name, ...rest) as never;
    };
  });
  afterAll(() => {
    engine.runKernel = runKernel;
    expect([...ran]).toEqual(expect.arrayContaining(kernelNames));
  });
}
