import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import { checkObject } from '../support/check.js';
import { missingPeer } from '../support/missing-peer.js';
import { withoutNewListeners } from '../support/process-listeners.js';

/** What is used of the module that the backend's factory makes. */
interface WasmModule {
  cwrap(name: string, returns: string | null, takes: string[]): (...values: number[]) => unknown;
  tfjs?: Readonly<Record<string, unknown>>;
}

type Factory = (options: { locateFile(name: string): string }) => Promise<WasmModule>;

const PACKAGE = '@tensorflow/tfjs-backend-wasm';

/** What the package names its build with threads. */
const BUILD = 'tfjs-backend-wasm-threaded-simd';

/**
 * Makes tfjs's wasm backend in Node of the build whose memory threads can share, which its package ships and uses in pages alone:
 * so `enableWasmTraining` of `salad-ad/wasm` takes every core.
 *
 * It registers nothing. The package has registered a backend of the same name by itself, which is removed before. The package's own
 * kernels run on one thread, as they do in Node without it.
 *
 * @param wasm the package `@tensorflow/tfjs-backend-wasm`, as you import it
 * @returns what `tf.registerBackend` takes
 * @throws INVALID_OPTION | where the backend is started, MISSING_PEER where the package's files are not found from the working directory
 * @example
 * import * as wasm from '@tensorflow/tfjs-backend-wasm';
 *
 * tf.removeBackend('wasm');
 * tf.registerBackend('wasm', threadedWasm(wasm));
 * enableWasmTraining();
 * await tf.setBackend('wasm');
 */
export function threadedWasm(wasm: {
  /** The class of the backend. */
  readonly BackendWasm: new (
    module: never,
  ) => tf.KernelBackend;
}): () => Promise<tf.KernelBackend> {
  const where = 'threadedWasm';
  checkObject(where, 'wasm', wasm, `the package ${PACKAGE} as it is imported`, ['BackendWasm']);
  return async () => {
    const { folder, factory } = filesOf(where);
    const locateFile = (name: string) => join(folder, name);
    const module = await withoutNewListeners(() => withoutThreads(() => factory({ locateFile })));
    module.tfjs = bridge(module);
    return new wasm.BackendWasm(module as never);
  };
}

/**
 * Makes a module that starts no threads of its own: the build starts eight, whatever the cores, which would do nothing but hold memory
 * and let the process live.
 *
 * @param start takes the class of threads, and all of them, before it returns
 */
function withoutThreads<T>(start: () => Promise<T>): Promise<T> {
  const threads: { Worker: unknown } = createRequire(import.meta.url)('node:worker_threads');
  const host = globalThis as { Worker?: unknown };
  const [ofNode, ofHost] = [threads.Worker, host.Worker];
  threads.Worker = NoThread;
  try {
    return start();
  } finally {
    threads.Worker = ofNode;
    // Others take a process that has one for a page.
    if (ofHost === undefined) delete host.Worker;
    else host.Worker = ofHost;
  }
}

/** In the place of a thread: says that it is ready, and is never given anything to do. */
class NoThread {
  onmessage?: (event: { data: { cmd: string } }) => void;

  postMessage(): void {
    queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
  }

  on(): void {}
  ref(): void {}
  unref(): void {}
  terminate(): void {}
}

/** The files of the build, looked up from the working directory, then beside this one. */
function filesOf(where: string): { folder: string; factory: Factory } {
  const load = createRequire(import.meta.url);
  const paths = [process.cwd(), dirname(fileURLToPath(import.meta.url))];
  try {
    const file = load.resolve(`${PACKAGE}/wasm-out/${BUILD}.js`, { paths });
    return { folder: dirname(file), factory: load(file) };
  } catch (cause) {
    return missingPeer(where, PACKAGE)(cause);
  }
}

/** The functions of a module that the backend calls, as its own start gives them to it. */
function bridge(module: WasmModule): Readonly<Record<string, unknown>> {
  const number = 'number';
  return {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: () => module.cwrap('init_with_threads_count', null, [number])(1),
    getThreadsCount: module.cwrap('get_threads_count', number, []),
    registerTensor: module.cwrap('register_tensor', null, [number, number, number]),
    disposeData: module.cwrap('dispose_data', null, [number]),
    dispose: module.cwrap('dispose', null, []),
  };
}
