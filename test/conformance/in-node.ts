// The suite in a Node process of its own: a backend that brings it down takes no other's results along.
// Forked as `in-node.ts <backend>`; answers with whether the backend starts, then takes the fixtures.
import * as tf from '@tensorflow/tfjs-core';
import { enableNativeKernels } from '../../src/tensorflow/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { outcomeOf } from './case.js';
import { conformanceCases, type Fixtures } from './suite.js';

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
