import * as tf from '@tensorflow/tfjs-core';
import { SaladError } from './errors.js';

/** The gradient kernels of a convolution: what a backend that only infers leaves out. */
const CONVOLUTION_GRADIENTS: readonly string[] = [tf.Conv2DBackpropFilter, tf.Conv2DBackpropInput];

/** Those of the kernels `needed` that the current backend lacks. */
export function missingTrainingKernels(needed: readonly string[]): string[] {
  return needed.filter((kernelName) => !tf.getKernel(kernelName, tf.getBackend()));
}

/**
 * Raises an error unless the current backend can train what needs the kernels `needed`.
 *
 * @throws BACKEND_NOT_READY where no backend has started, BACKEND_CANNOT_TRAIN where one lacks a kernel.
 */
export function checkCanTrain(
  where: string,
  needed: readonly string[] = CONVOLUTION_GRADIENTS,
): void {
  checkBackendReady(where);
  const missing = missingTrainingKernels(needed);
  if (missing.length === 0) return;
  const backend = tf.getBackend();
  throw new SaladError(
    'BACKEND_CANNOT_TRAIN',
    `${where}: the backend '${backend}' lacks ${missing.join(', ')}, so the network cannot train on it; expected a kernel for every gradient; if the backend is tfjs's wasm, first call enableWasmTraining() from 'salad-ad/wasm'; or use another backend.`,
    { backend, missing },
  );
}

/** Raises BACKEND_NOT_READY unless a backend has started or can start without waiting. */
export function checkBackendReady(where: string): void {
  try {
    tf.backend();
  } catch (cause) {
    throw new SaladError(
      'BACKEND_NOT_READY',
      `${where}: no tensor backend is ready; expected one that has started; first import a backend, '@tensorflow/tfjs-backend-wasm' say, and await tf.setBackend('wasm').`,
      {},
      { cause },
    );
  }
}

/** tfjs's bare "kernel not registered" as BACKEND_CANNOT_TRAIN; any other error as it is. */
export function explainMissingKernel(where: string, error: unknown): unknown {
  const match = /Kernel '(\w+)' not registered for backend '(\w+)'/.exec(String(error));
  if (!match) return error;
  const [, kernel, backend] = match;
  return new SaladError(
    'BACKEND_CANNOT_TRAIN',
    `${where}: the backend '${backend}' lacks ${kernel}, so this network cannot train on it; if the backend is tfjs's wasm, first call enableWasmTraining() from 'salad-ad/wasm'; or use another backend.`,
    { backend, missing: [kernel] },
    { cause: error },
  );
}
