import * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { adamKernel } from './adam.js';
import { bankScanKernel } from './bank-scan.js';
import { conv2dBackpropFilterKernel } from './conv2d-backprop-filter.js';
import { doubleBilinearGradKernel, doubleBilinearKernel } from './double-bilinear.js';
import { type FasterKernel, kernelFunc } from './kernel.js';
import { checkNodeVersion } from './node-version.js';
import { normalizeActivateGradKernel, normalizeActivateKernel } from './normalize-activate.js';
import { fusedConv2dKernel, preluKernel } from './prelu.js';

const BACKEND = 'tensorflow';

const KERNELS = [
  bankScanKernel,
  doubleBilinearGradKernel,
  doubleBilinearKernel,
  normalizeActivateGradKernel,
  normalizeActivateKernel,
].map((kernel) => ({ kernelName: kernel.kernelName, kernelFunc: kernelFunc(kernel as never) }));

const FASTER: readonly FasterKernel[] = [
  conv2dBackpropFilterKernel,
  fusedConv2dKernel,
  preluKernel,
];

/** Marks a function that stands in front of a stock one, for every copy of the library. */
const FASTER_MARK = Symbol.for('salad-ad/tensorflow/faster');

/**
 * Puts TensorFlow's own operations behind the library's hot ones on tfjs-node's backend, 'tensorflow':
 * batch normalisation with leaky ReLU and its gradient, bilinear doubling and its gradient, Adam's step,
 * leaky ReLU after a convolution, and the scan of the bank that scores are made of. Without it the same numbers come out of portable operations, more
 * slowly.
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
  for (const kernel of [adamKernel, ...KERNELS]) {
    if (tf.getKernel(kernel.kernelName, BACKEND)) continue;
    tf.registerKernel({ ...kernel, backendName: BACKEND });
  }
  for (const { kernelName, wrap } of FASTER) {
    const stock = tf.getKernel(kernelName, BACKEND);
    if (!stock || FASTER_MARK in stock.kernelFunc) continue;
    const kernelFunc = Object.assign(wrap(stock.kernelFunc), { [FASTER_MARK]: true });
    tf.unregisterKernel(kernelName, BACKEND);
    tf.registerKernel({ ...stock, kernelFunc });
  }
}
