import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients, which tfjs-core alone does not in Node
import { withoutNewListeners } from '../../src/support/process-listeners.js';
import { Missing } from './contestant.js';
import { enableNaiveFilterGradient } from './naive-filter-gradient.js';
import type { TaskSettings } from './task.js';

/**
 * Registers a backend, with the library's kernels or without, and starts it; 'none' for none.
 *
 * @param wasmThreads of the library's kernels on wasm. @returns versions in use.
 */
export async function startBackend(
  name: string,
  kernels: TaskSettings['kernels'],
  wasmThreads = 1,
): Promise<Record<string, string>> {
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  if (name === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  if (name === 'tensorflow') await importTensorflow();
  if (name === 'dawn') return startDawn();
  if (name === 'none') return {};
  if (kernels === 'naive') enableNaiveFilterGradient(name);
  if (kernels === 'ours') await enableOurs(name, wasmThreads);
  if (!(await withoutNewListeners(() => tf.setBackend(name))))
    throw new Error(`the ${name} backend did not start`);
  return { tfjs: tf.version_core };
}

/** WebGPU in Node. */
async function startDawn(): Promise<Record<string, string>> {
  const { create, globals } = await import('webgpu');
  const gpu = create([]);
  if (!(await gpu.requestAdapter()))
    throw new Missing('a WebGPU adapter for Dawn', 'a Vulkan driver');
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('the webgpu backend did not start');
  return { tfjs: tf.version_core };
}

async function enableOurs(name: string, wasmThreads: number): Promise<void> {
  if (name === 'wasm') {
    if (wasmThreads > 1) await registerThreaded();
    (await import('salad-ad/wasm')).enableWasmTraining({ threads: wasmThreads });
  }
  if (name === 'tensorflow') (await import('salad-ad/tensorflow')).enableNativeKernels();
}

async function registerThreaded(): Promise<void> {
  const { threadedWasm } = await import('salad-ad/node');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', threadedWasm(await import('@tensorflow/tfjs-backend-wasm')));
}

async function importTensorflow(): Promise<void> {
  // As docs/backends.md advises, for ours and for what it is compared with: PyTorch has oneDNN on by itself.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  try {
    await import('@tensorflow/tfjs-node');
  } catch (error) {
    throw new Missing(
      `tfjs-node (${(error as Error).message.split('\n')[0]})`,
      'npm run setup:tfjs-node',
    );
  }
}
