// A process of its own that computes on threads: it prints what it found, and ends when nothing is left to do.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { threadedWasm } from '../../src/node/threaded-wasm.js';
import { enableWasmTraining } from '../../src/wasm/index.js';

const listeners = () => process.listenerCount('uncaughtException');
const before = listeners();
tf.removeBackend('wasm');
tf.registerBackend('wasm', threadedWasm(wasm));
enableWasmTraining({ threads: 3 });
await tf.setBackend('wasm');
const products: number[] = [];
for (let i = 0; i < 50; i++) {
  const sum = tf.tidy(() => tf.sum(tf.matMul(tf.ones([512, 256]), tf.ones([256, 512]))));
  products.push(sum.dataSync()[0]);
  sum.dispose();
}
const { wasmMemory } = (tf.backend() as unknown as { wasm: { wasmMemory: WebAssembly.Memory } })
  .wasm;
const shared = wasmMemory.buffer instanceof SharedArrayBuffer;
const hasWorker = 'Worker' in globalThis;
console.log(
  `ANSWERS ${JSON.stringify({ products, shared, hasWorker, added: listeners() - before })}`,
);
