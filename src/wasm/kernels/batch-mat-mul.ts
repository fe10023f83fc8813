import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { matMul } from '../simd/mat-mul.js';
import { withSimd } from '../simd/with-simd.js';
import { type KernelArguments, kernelFunc } from './kernel.js';

type Attributes = { readonly transposeA: boolean; readonly transposeB: boolean };

/**
 * A matrix product with transposed factors, which the stock kernel computes ten times slower than
 * without: transpose first, then multiply.
 *
 * A product packs its second factor, which costs as much as a transposition; so of A * B^T and
 * (B * A^T)^T the one with fewer values to move is taken.
 */
function transposedMatMul({
  inputs: { a, b },
  attrs: { transposeA, transposeB },
}: KernelArguments<'a' | 'b', Attributes>): tf.Tensor {
  return tf.tidy(() => {
    const rows = a.shape[transposeA ? a.rank - 1 : a.rank - 2];
    const outputSize = (b.size / b.shape[b.rank - 1]) * rows;
    if (transposeB && (transposeA ? 0 : 2 * a.size) + outputSize < 2 * b.size) {
      return swapLast(tf.matMul(b, transposeA ? a : swapLast(a)));
    }
    return tf.matMul(transposeA ? swapLast(a) : a, transposeB ? swapLast(b) : b);
  });
}

/** The transpose of every matrix in a stack of them. */
export function swapLast(matrices: tf.Tensor): tf.Tensor {
  const axes = matrices.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  return tf.transpose(matrices, [...axes.slice(0, -2), last, last - 1]);
}

export const batchMatMulKernel: FasterKernel = {
  kernelName: tf.BatchMatMul,
  wrap: (stock) =>
    withSimd<'a' | 'b', Attributes>(
      (simd, { inputs: { a, b }, attrs }) => matMul(simd, a, b, attrs),
      (args) =>
        args.attrs?.transposeA || args.attrs?.transposeB
          ? kernelFunc(transposedMatMul)(args)
          : stock(args),
    ),
};
