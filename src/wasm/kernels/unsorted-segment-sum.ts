import * as tf from '@tensorflow/tfjs-core';
import type { MissingKernel } from '../../support/register-kernels.js';
import { type KernelArguments, kernelFunc } from './kernel.js';

/**
 * The sum of the rows of `x` that share a segment, which is the gradient of tf.gather.
 *
 *     out[s] = sum_{i : segmentIds[i] = s} x[i]
 *
 * Rows of a segment outside [0, numSegments) are dropped. A loop on the host costs one pass over the
 * rows; a product with a one-hot matrix would cost one over rows times segments.
 */
function unsortedSegmentSum({
  inputs: { x, segmentIds },
  attrs: { numSegments },
}: KernelArguments<'x' | 'segmentIds', { readonly numSegments: number }>): tf.Tensor {
  const rows = segmentIds.size;
  const width = x.size / Math.max(rows, 1);
  const values = x.dataSync();
  const segments = segmentIds.dataSync();
  const sums = new Float64Array(numSegments * width);
  for (let row = 0; row < rows; row++) {
    const segment = segments[row];
    if (segment < 0 || segment >= numSegments) continue;
    const from = row * width;
    const to = segment * width;
    for (let i = 0; i < width; i++) sums[to + i] += values[from + i];
  }
  return tf.tensor(
    Float32Array.from(sums),
    [numSegments, ...x.shape.slice(segmentIds.rank)],
    'float32',
  );
}

export const unsortedSegmentSumKernel: MissingKernel = {
  kernelName: tf.UnsortedSegmentSum,
  kernelFunc: kernelFunc(unsortedSegmentSum),
};
