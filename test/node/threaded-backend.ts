// Brings a thread of a pool the build of wasm whose memory threads can share, all work of which is cut. It tells the test so, and of each
// thread that is started.

import { BroadcastChannel, Worker } from 'node:worker_threads';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { threadedWasm } from '../../src/node/index.js';
import { cutSmallWork } from '../wasm/threads/cut-small-work.js';

const channel = new BroadcastChannel('salad-ad/test/threads');
channel.unref();

tf.removeBackend('wasm');
tf.registerBackend('wasm', threadedWasm(wasm));
await tf.setBackend('wasm');
cutSmallWork();
const backend = tf.backend() as unknown as { wasm: { wasmMemory: WebAssembly.Memory } };
channel.postMessage(backend.wasm.wasmMemory.buffer.constructor.name);

process.getBuiltinModule('node:worker_threads').Worker = class extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given);
    channel.postMessage('started');
  }
};
