import * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { adamKernel } from './adam.js';
import { doubleBilinearGradKernel, doubleBilinearKernel } from './double-bilinear.js';
import { kernelFunc } from './kernel.js';
import { normalizeActivateGradKernel, normalizeActivateKernel } from './normalize-activate.js';

const BACKEND = 'tensorflow';

const KERNELS = [
  adamKernel,
  doubleBilinearGradKernel,
  doubleBilinearKernel,
  normalizeActivateGradKernel,
  normalizeActivateKernel,
].map((kernel) => ({ kernelName: kernel.kernelName, kernelFunc: kernelFunc(kernel as never) }));

export function enableNativeKernels(): void {
  check(
    tf.findBackendFactory(BACKEND) != null,
    'BACKEND_NOT_READY',
    () =>
      "enableNativeKernels: no backend named 'tensorflow' is registered; import '@tensorflow/tfjs-node' before the call.",
  );
  for (const kernel of KERNELS) {
    if (tf.getKernel(kernel.kernelName, BACKEND)) continue;
    tf.registerKernel({ ...kernel, backendName: BACKEND });
  }
}
