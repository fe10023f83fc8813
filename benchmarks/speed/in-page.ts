/** Tasks in a page: bundled, and called from the worker's process by tasks/in-page.ts. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import type { Task, TaskSettings } from './task.js';
import * as fitStep from './tasks/fit-step.js';
import * as plainForward from './tasks/plain-forward.js';

declare global {
  /** @returns versions in use. */
  function prepareTask(settings: TaskSettings): Promise<Record<string, string>>;
  /** @returns milliseconds. */
  function measureTask(): Promise<number>;
}

const tasks: Record<string, { prepare(settings: TaskSettings): Promise<Task> }> = {
  'fit-step': fitStep,
  'plain-forward': plainForward,
};
let task: Task;

globalThis.prepareTask = async (settings) => {
  if (!(await tf.setBackend(settings.backend))) throw new Error('the backend did not start');
  task = await tasks[settings.task].prepare(settings);
  return { tfjs: tf.version_core };
};

globalThis.measureTask = async () => {
  const started = performance.now();
  await task.run();
  return performance.now() - started;
};
