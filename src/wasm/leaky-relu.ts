import * as tf from '@tensorflow/tfjs-core';
import { type FasterKernel, type KernelArguments, kernelFunc } from './kernel.js';

/** Leaky ReLU as x * step(x), with a step of `alpha` where x is not positive: both are vectorised. */
function leakyRelu({
  inputs: { x },
  attrs: { alpha },
}: KernelArguments<'x', { readonly alpha: number }>): tf.Tensor {
  return tf.tidy(() => tf.mul(x, tf.step(x, alpha)));
}

export const leakyReluKernel: FasterKernel = {
  kernelName: tf.LeakyRelu,
  wrap: (stock) => (args) =>
    (args.inputs.x as tf.Tensor).dtype === 'float32' ? kernelFunc(leakyRelu)(args) : stock(args),
};
