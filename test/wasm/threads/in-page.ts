// What runs in a page: bundled, and called from the test process; the same file is the program of the page's worker.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import { bitsOf } from './bits.js';
import { cutSmallWork } from './cut-small-work.js';
import { kernelCases } from './kernel-cases.js';

/** What kernels give on so many threads, and how often their work was cut. */
export interface Ran {
  readonly threads: number;
  readonly bits: string[][];
  readonly cut: number;
}

declare global {
  function ranInPage(threads: number[]): Promise<Ran[]>;
  function ranInWorker(threads: number[]): Promise<Ran[]>;
}

async function ran(counts: number[]): Promise<Ran[]> {
  if (!crossOriginIsolated) throw new Error('the server sent the wrong headers');
  setWasmPaths('/wasm/');
  enableWasmTraining();
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend did not start');
  const cut = cutSmallWork();
  const results: Ran[] = [];
  for (const threads of counts) {
    enableWasmTraining({ threads });
    const before = cut.count;
    // Threads start while this one has a turn.
    bitsOf(kernelCases[0][1]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const bits = kernelCases.map(([, compute]) => bitsOf(compute));
    results.push({ threads, bits, cut: cut.count - before });
  }
  return results;
}

if (typeof document === 'undefined') {
  globalThis.onmessage = ({ data }) => {
    ran(data).then(postMessage, (error) => postMessage({ error: String(error) }));
  };
} else {
  globalThis.ranInPage = ran;
  globalThis.ranInWorker = (threads) =>
    new Promise((resolve, reject) => {
      const worker = new Worker('/page.js');
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(threads);
    });
}
