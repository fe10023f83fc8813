import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { type KernelArguments, kernelFunc } from './kernel.js';

/**
 * Repeats a tensor along its axes by copying whole blocks, last axis first. The stock kernel works out
 * every element's place, and the gradient of tf.batchNorm repeats a row over all activations.
 */
function tile({
  inputs: { x },
  attrs: { reps },
}: KernelArguments<'x', { readonly reps: number[] }>): tf.Tensor {
  let values = x.dataSync<'float32'>();
  let block = 1;
  for (let axis = x.rank - 1; axis >= 0; axis--) {
    block *= x.shape[axis];
    values = repeatBlocks(values, block, reps[axis]);
    block *= reps[axis];
  }
  const shape = x.shape.map((size, axis) => size * reps[axis]);
  return tf.tensor(values, shape, x.dtype);
}

/** Every block of `values` followed by its copies. */
function repeatBlocks(values: Float32Array, block: number, times: number): Float32Array {
  if (times === 1) return values;
  const repeated = new Float32Array(values.length * times);
  if (repeated.length === 0) return repeated;
  for (let from = 0; from < values.length; from += block) {
    const start = from * times;
    const end = start + block * times;
    repeated.set(values.subarray(from, from + block), start);
    // What has been copied is copied again: twice as much each time.
    for (let filled = start + block; filled < end; filled += filled - start) {
      repeated.copyWithin(filled, start, Math.min(filled, start + end - filled));
    }
  }
  return repeated;
}

export const tileKernel: FasterKernel = {
  kernelName: tf.Tile,
  wrap: (stock) => (args) =>
    (args.inputs.x as tf.Tensor).dtype === 'float32' ? kernelFunc(tile)(args) : stock(args),
};
