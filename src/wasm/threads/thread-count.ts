import * as tf from '@tensorflow/tfjs-core';
import { builtin } from './start-thread.js';

/** Of the engine, which the copies of the library share. */
const THREADS = Symbol.for('salad-ad/wasm/threads');

type Engine = { [THREADS]?: number };

/** Says on how many threads the module is to run from now on. */
export function askForThreads(count: number): void {
  (tf.engine() as unknown as Engine)[THREADS] = count;
}

/** How many were asked for; all cores where nobody asked. */
export function threadsAskedFor(): number {
  const engine = tf.engine() as unknown as Engine;
  // Once: the answer may change, and takes files to read.
  engine[THREADS] ??= cores();
  return engine[THREADS];
}

function cores(): number {
  const os = builtin<{ availableParallelism(): number }>('node:os');
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Whether this thread may wait for others, which a page's own must not. */
export function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
