import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { threadedWasm } from '../../../src/node/threaded-wasm.js';
import { enableWasmTraining } from '../../../src/wasm/index.js';

/** Ends the wasm backend, where there is one. */
export function removeWasm(): void {
  if (tf.findBackendFactory('wasm')) tf.removeBackend('wasm');
}

/** Makes the build with threads the current wasm backend, on so many threads. */
export async function useThreadedWasm(threads: number): Promise<void> {
  removeWasm();
  tf.registerBackend('wasm', threadedWasm(wasm));
  enableWasmTraining({ threads });
  await tf.setBackend('wasm');
}
