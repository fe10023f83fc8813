import { STATE } from './shared-state.js';

/** What a thread is given as it starts. */
export interface ThreadStart {
  readonly state: SharedArrayBuffer;
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
}

/** Milliseconds that a thread without work looks for some before it sleeps: longer than what lies between most kernels of a step. */
const AWAKE = 0.1;

/**
 * The program of a thread, as text: so bundles lose no file. It makes an instance of the module on the memory of all, and does
 * jobs as they come: lists of calls, which lie in that memory as float64 numbers, [function, count, arguments...].
 */
export const WORKER_CODE = `'use strict';
const work = (start, tell) => {
  const state = new Int32Array(start.state);
  const { memory } = start;
  const functions = Object.values(new WebAssembly.Instance(start.module, { env: { memory } }).exports);
  const perform = (job) => {
    const place = Atomics.load(state, ${STATE.calls}) >>> 0;
    const count = Atomics.load(state, ${STATE.words});
    // Memory that has grown is another buffer, which a thread may have to ask for.
    if (memory.buffer.byteLength < place + 8 * count) memory.grow(0);
    const words = new Float64Array(memory.buffer, place, count);
    for (let at = words[job]; at < words[job + 1]; at += 2 + words[at + 1]) {
      functions[words[at]](...words.subarray(at + 2, at + 2 + words[at + 1]));
    }
  };
  tell('ready');
  for (;;) {
    const job = Atomics.load(state, ${STATE.next});
    const end = Atomics.load(state, ${STATE.end});
    if (job !== end) {
      if (Atomics.compareExchange(state, ${STATE.next}, job, (job + 1) | 0) !== job) continue;
      try {
        perform((job - Atomics.load(state, ${STATE.first})) | 0);
      } catch (error) {
        Atomics.store(state, ${STATE.failed}, 1);
      }
      Atomics.add(state, ${STATE.done}, 1);
      Atomics.notify(state, ${STATE.done});
      continue;
    }
    const until = performance.now() + ${AWAKE};
    do {
      for (let i = 0; i < 200 && Atomics.load(state, ${STATE.end}) === end; i++);
    } while (Atomics.load(state, ${STATE.end}) === end && performance.now() < until);
    if (Atomics.load(state, ${STATE.end}) !== end) continue;
    if (Atomics.load(state, ${STATE.stop})) return;
    Atomics.add(state, ${STATE.asleep}, 1);
    Atomics.wait(state, ${STATE.end}, end);
    Atomics.sub(state, ${STATE.asleep}, 1);
    if (Atomics.load(state, ${STATE.stop})) return;
  }
};
if (typeof require === 'function') {
  const { workerData, parentPort } = require('node:worker_threads');
  work(workerData, (word) => parentPort.postMessage(word));
} else {
  onmessage = ({ data }) => work(data, postMessage);
}
`;
