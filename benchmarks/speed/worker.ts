/** The process of a contestant written in TypeScript: `worker.ts '{"task": "fit-step", "backend": "wasm", ...}'`. */
import { startBackend } from './backends.js';
import { serve } from './serve.js';
import type { Task, TaskSettings } from './task.js';

const tasks: Record<string, () => Promise<{ prepare(settings: TaskSettings): Promise<Task> }>> = {
  'bank-scan': () => import('./tasks/bank-scan.js'),
  'bare-step': () => import('./tasks/bare-step.js'),
  'cold-start': () => import('./tasks/cold-start.js'),
  embed: () => import('./tasks/embed.js'),
  'export-cells': () => import('./tasks/export-cells.js'),
  'export-model': () => import('./tasks/export-model.js'),
  'export-network': () => import('./tasks/export-network.js'),
  'export-onnx': () => import('./tasks/export-onnx.js'),
  'fit-frozen': () => import('./tasks/fit-frozen.js'),
  'fit-step': () => import('./tasks/fit-step.js'),
  'frozen-score': () => import('./tasks/frozen-score.js'),
  'in-page': () => import('./tasks/in-page.js'),
  'k-center': () => import('./tasks/k-center.js'),
  'model-score': () => import('./tasks/model-score.js'),
  'onnx-score': () => import('./tasks/onnx-score.js'),
  'onnxruntime-cells': () => import('./tasks/onnxruntime-cells.js'),
  'onnxruntime-embed': () => import('./tasks/onnxruntime-embed.js'),
  'plain-forward': () => import('./tasks/plain-forward.js'),
  'plain-step': () => import('./tasks/plain-step.js'),
  'score-cells': () => import('./tasks/score-cells.js'),
  'warm-score': () => import('./tasks/warm-score.js'),
};

void serve(async () => {
  const settings = JSON.parse(process.argv[2]) as TaskSettings;
  const { backend, kernels, wasmThreads } = settings;
  const versions = await startBackend(backend, kernels, wasmThreads);
  const { prepare } = await tasks[settings.task]();
  const task = await prepare(settings);
  return { ...task, facts: { versions, ...task.facts } };
});
