/**
 * Tasks on wasm in a page that is isolated from others, where threads are allowed: bundled, and loaded by the page and by its worker, which does
 * the work, since a page's own thread must not wait for others. Called from the worker's process by tasks/in-page.ts.
 */
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { enableWasmTraining } from 'salad-ad/wasm';
import type { Task, TaskSettings } from './task.js';
import * as embed from './tasks/embed.js';
import * as fitStep from './tasks/fit-step.js';
import * as webEmbed from './tasks/web-embed.js';

const tasks: Record<string, { prepare(settings: TaskSettings): Promise<Task> }> = {
  embed,
  'fit-step': fitStep,
  'web-embed': webEmbed,
};
let task: Task;

/** With settings, prepares a task and answers with versions; without, runs it and answers with its milliseconds. */
async function answer(settings?: TaskSettings): Promise<unknown> {
  if (settings) {
    if (settings.backend === 'wasm') await startWasm(settings.wasmThreads ?? 1);
    task = await tasks[settings.task].prepare(settings);
    return { tfjs: tf.version_core, ...(task.facts?.versions as object) };
  }
  const started = performance.now();
  await task.run();
  return performance.now() - started;
}

async function startWasm(threads: number): Promise<void> {
  setWasmPaths('/wasm/');
  setThreadsCount(threads);
  enableWasmTraining({ threads });
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend did not start');
}

if (typeof document === 'undefined') {
  globalThis.onmessage = ({ data }) => {
    answer(data).then(postMessage, (error) =>
      postMessage({ error: String(error?.stack ?? error) }),
    );
  };
} else {
  if (!crossOriginIsolated) throw new Error('the server sent the wrong headers');
  const worker = new Worker('/page.js');
  const ask = (settings?: TaskSettings) =>
    new Promise<never>((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(settings);
    });
  globalThis.prepareTask = ask;
  globalThis.measureTask = () => ask();
}
