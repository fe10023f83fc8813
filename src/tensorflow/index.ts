import * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { type FasterKernel, registerKernels } from '../support/register-kernels.js';
import { adamKernel } from './adam.js';
import { bankScanKernel } from './bank-scan.js';
import { bankSoftmaxKernel } from './bank-softmax.js';
import { conv2dBackpropFilterKernel } from './conv2d-backprop-filter.js';
import { doubleBilinearGradKernel, doubleBilinearKernel } from './double-bilinear.js';
import { kernelFunc } from './kernel.js';
import { checkNodeVersion } from './node-version.js';
import { normalizeActivateGradKernel, normalizeActivateKernel } from './normalize-activate.js';
import { fusedConv2dKernel, preluKernel } from './prelu.js';
import { writeRowsKernel } from './write-rows.js';

const BACKEND = 'tensorflow';

const KERNELS = [
  bankScanKernel,
  bankSoftmaxKernel,
  doubleBilinearGradKernel,
  doubleBilinearKernel,
  normalizeActivateGradKernel,
  normalizeActivateKernel,
  writeRowsKernel,
].map((kernel) => ({ kernelName: kernel.kernelName, kernelFunc: kernelFunc(kernel as never) }));

const FASTER: readonly FasterKernel[] = [
  conv2dBackpropFilterKernel,
  fusedConv2dKernel,
  preluKernel,
];

/**
 * Puts TensorFlow's own operations behind the library's hot ones on tfjs-node's backend, 'tensorflow':
 * batch normalisation with leaky ReLU and its gradient, bilinear doubling and its gradient, Adam's step,
 * leaky ReLU after a convolution, the scan of the bank that scores are made of, the softmax
 * over it that losses are made of, and the step of its rows. Without it the same
 * numbers come out of portable operations, more slowly.
 *
 * It neither selects nor starts a backend, may be called before or after `tf.setBackend('tensorflow')`,
 * and a second call changes nothing.
 *
 * @throws BACKEND_NOT_READY where '@tensorflow/tfjs-node' has not been imported, or does not work on this
 * version of Node (23 and later).
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-node';
 * import { enableNativeKernels } from 'salad-ad/tensorflow';
 *
 * enableNativeKernels();
 * await tf.setBackend('tensorflow');
 * ```
 */
export function enableNativeKernels(): void {
  check(
    tf.findBackendFactory(BACKEND) != null,
    'BACKEND_NOT_READY',
    () =>
      "enableNativeKernels: no backend named 'tensorflow' is registered; import '@tensorflow/tfjs-node' before the call.",
  );
  checkNodeVersion('enableNativeKernels');
  registerKernels(BACKEND, [adamKernel, ...KERNELS], FASTER);
}
