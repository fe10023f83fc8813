/** The work in a page: bundled, and called from run.ts. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { type AgainstWhole, againstWhole } from './against-whole.js';

declare global {
  function measureBanks(backend: string, size: number, seconds: number): Promise<AgainstWhole>;
}

globalThis.measureBanks = async (backend, size, seconds) => {
  if (!(await tf.setBackend(backend))) throw new Error('the backend did not start');
  return againstWhole(size, seconds);
};
