import * as tf from '@tensorflow/tfjs-core';
import { swapLast } from './batch-mat-mul.js';
import type { FasterKernel } from './kernel.js';

/** The matrix product with bias and activation: transposed factors are transposed before it. */
export const fusedMatMulKernel: FasterKernel = {
  kernelName: tf._FusedMatMul,
  wrap: (stock) => (args) => {
    const { transposeA, transposeB } = args.attrs as { transposeA: boolean; transposeB: boolean };
    if (!transposeA && !transposeB) return stock(args);
    const inputs = args.inputs as { a: tf.Tensor; b: tf.Tensor };
    const transposed = {
      ...(transposeA && { a: swapLast(inputs.a) }),
      ...(transposeB && { b: swapLast(inputs.b) }),
    };
    const product = stock({
      ...args,
      inputs: { ...inputs, ...transposed },
      attrs: { ...args.attrs, transposeA: false, transposeB: false },
    });
    tf.dispose(transposed);
    return product;
  },
};
