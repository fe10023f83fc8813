// The suite in a Node process of its own: a backend that brings it down takes no other's results along.
// Forked as `in-node.ts <backend>`; answers with whether the backend starts, then takes the fixtures.
import * as tf from '@tensorflow/tfjs-core';
import { threadedWasm } from '../../src/node/index.js';
import { enableNativeKernels } from '../../src/tensorflow/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { cutSmallWork } from '../wasm/threads/cut-small-work.js';
import { outcomeOf } from './case.js';
import { conformanceCases, type Fixtures } from './suite.js';

/** Work that was cut, where threads share it. */
let cut: { readonly count: number } | undefined;

/** Imports a backend and returns the name that tfjs knows it by. */
const start: Readonly<Record<string, () => Promise<string>>> = {
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu');
    return 'cpu';
  },
  async wasm() {
    await import('@tensorflow/tfjs-backend-wasm');
    enableWasmTraining();
    return 'wasm';
  },
  /** On two threads, all work cut that can be. */
  async threads() {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', threadedWasm(wasm));
    enableWasmTraining({ threads: 2 });
    cut = cutSmallWork();
    return 'wasm';
  },
  async tensorflow() {
    await import('@tensorflow/tfjs-node');
    enableNativeKernels();
    return 'tensorflow';
  },
  async dawn() {
    const { create, globals } = await import('webgpu');
    const gpu = create([]);
    if (!(await gpu.requestAdapter())) throw new Error('Dawn finds no WebGPU adapter');
    Object.assign(globalThis, globals);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
    await import('@tensorflow/tfjs-backend-webgpu');
    return 'webgpu';
  },
};

const tell = (message: object) =>
  new Promise<void>((sent) => {
    process.send?.(message, () => sent());
  });

process.on('message', async (fixtures: Fixtures) => {
  tf.tidy(() => tf.exp(tf.ones([1000])));
  // Otherwise the suite would run on one thread.
  if (cut?.count === 0) throw new Error('no work was cut');
  for (const one of conformanceCases(fixtures)) await tell({ outcome: await outcomeOf(one) });
  await tell({ done: true });
  process.exit();
});

try {
  const backend = await start[process.argv[2]]();
  if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  await tell({ ready: true });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  await tell({ unavailable: reason.split('\n')[0] });
  process.exit();
}
