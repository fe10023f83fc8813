import * as tf from '@tensorflow/tfjs-core';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import {
  type FasterKernel,
  type MissingKernel,
  registerKernels,
} from '../support/register-kernels.js';
import { adamKernel } from './kernels/adam.js';
import { bankNeighborsKernel } from './kernels/bank-neighbors.js';
import { bankScanKernel } from './kernels/bank-scan.js';
import { bankSoftmaxKernel } from './kernels/bank-softmax.js';
import { batchMatMulKernel } from './kernels/batch-mat-mul.js';
import {
  clipByValueKernel,
  maximumKernel,
  minimumKernel,
  relu6Kernel,
  reluKernel,
} from './kernels/clip.js';
import { conv2dKernel, fusedConv2dKernel } from './kernels/conv2d.js';
import { conv2dBackpropFilterKernel } from './kernels/conv2d-backprop-filter.js';
import { conv2dBackpropInputKernel } from './kernels/conv2d-backprop-input.js';
import { convolveNormalizedKernel } from './kernels/convolve-normalized.js';
import { depthwiseConv2dKernel, fusedDepthwiseConv2dKernel } from './kernels/depthwise-conv2d.js';
import { depthwiseConv2dBackpropFilterKernel } from './kernels/depthwise-conv2d-backprop-filter.js';
import { depthwiseConv2dBackpropInputKernel } from './kernels/depthwise-conv2d-backprop-input.js';
import { doubleBilinearGradKernel, doubleBilinearKernel } from './kernels/double-bilinear.js';
import { expKernel } from './kernels/exp.js';
import { fusedMatMulKernel } from './kernels/fused-mat-mul.js';
import { gatherKernel } from './kernels/gather.js';
import { identityKernel } from './kernels/identity.js';
import { invertedBottleneckKernel } from './kernels/inverted-bottleneck.js';
import { l2NormalizeGradKernel, l2NormalizeKernel } from './kernels/l2-normalize.js';
import { leakyReluKernel } from './kernels/leaky-relu.js';
import { nearestRowsKernel } from './kernels/nearest-rows.js';
import {
  normalizeActivateGradKernel,
  normalizeActivateKernel,
} from './kernels/normalize-activate.js';
import { sliceKernel } from './kernels/slice.js';
import { meanKernel, sumKernel } from './kernels/sum.js';
import { tileKernel } from './kernels/tile.js';
import { unsortedSegmentSumKernel } from './kernels/unsorted-segment-sum.js';
import { writeRowsKernel } from './kernels/write-rows.js';
import { askForThreads } from './threads/thread-count.js';

const BACKEND = 'wasm';

const MISSING: readonly MissingKernel[] = [
  adamKernel,
  bankNeighborsKernel,
  bankScanKernel,
  bankSoftmaxKernel,
  conv2dBackpropFilterKernel,
  convolveNormalizedKernel,
  depthwiseConv2dBackpropFilterKernel,
  depthwiseConv2dBackpropInputKernel,
  doubleBilinearGradKernel,
  doubleBilinearKernel,
  invertedBottleneckKernel,
  l2NormalizeGradKernel,
  l2NormalizeKernel,
  nearestRowsKernel,
  normalizeActivateGradKernel,
  normalizeActivateKernel,
  unsortedSegmentSumKernel,
  writeRowsKernel,
];

const FASTER: readonly FasterKernel[] = [
  batchMatMulKernel,
  clipByValueKernel,
  conv2dKernel,
  fusedConv2dKernel,
  conv2dBackpropInputKernel,
  depthwiseConv2dKernel,
  fusedDepthwiseConv2dKernel,
  expKernel,
  fusedMatMulKernel,
  gatherKernel,
  identityKernel,
  leakyReluKernel,
  maximumKernel,
  meanKernel,
  minimumKernel,
  relu6Kernel,
  reluKernel,
  sliceKernel,
  sumKernel,
  tileKernel,
];

/**
 * Lets convolutions train on tfjs's 'wasm' backend, at SIMD's speed and on every core: supplies the kernels that it lacks (the
 * gradients of conv2d's filter, of depthwiseConv2d and of gather), puts faster ones before those that it has
 * slow (convolutions, matrix products, gather, slice, exp and others), and adds the library's own operations
 * (batch normalisation with activation, Adam, the scan of the bank and others).
 *
 * It neither selects nor starts a backend, may be called before or after `tf.setBackend('wasm')`, and
 * a second call changes nothing but `threads`, where it names them. What is computed is the same to the bit on any number of threads.
 *
 * Threads need a backend whose memory they can share: `threadedWasm` of `salad-ad/node` makes it in Node, and a page has it that is
 * cross-origin isolated. The page's own thread must not wait for others, so that there work in a worker takes every core, and work
 * on the page itself one.
 *
 * @param options `threads`
 * @throws BACKEND_NOT_READY where '@tensorflow/tfjs-backend-wasm' has not been imported | INVALID_OPTION | UNKNOWN_OPTION | while
 *   kernels run, THREAD_ENDED where one of the threads ends by itself
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-wasm';
 * import { enableWasmTraining } from 'salad-ad/wasm';
 *
 * enableWasmTraining();
 * await tf.setBackend('wasm');
 * ```
 */
export function enableWasmTraining(
  options: {
    /**
     * Threads that compute, this one included.
     *
     * @defaultValue as many as the machine has cores
     */
    readonly threads?: number;
  } = {},
): void {
  const where = 'enableWasmTraining';
  // `import(...).then(() => enableWasmTraining())` hands over the package.
  if (isModule(options)) options = {};
  checkKnownOptions(where, options, { threads: true });
  const { threads } = options;
  if (threads !== undefined) checkNumber(where, 'threads', threads, { min: 1, integer: true });
  check(
    tf.findBackendFactory(BACKEND) != null,
    'BACKEND_NOT_READY',
    () =>
      `${where}: no backend named 'wasm' is registered; import '@tensorflow/tfjs-backend-wasm' before the call.`,
  );
  registerKernels(BACKEND, MISSING, FASTER);
  if (threads !== undefined) askForThreads(threads);
}

function isModule(options: object): boolean {
  const tag = (options as { [Symbol.toStringTag]?: string } | null)?.[Symbol.toStringTag];
  return (
    tag === 'Module' ||
    (typeof options === 'object' && options !== null && 'BackendWasm' in options)
  );
}
