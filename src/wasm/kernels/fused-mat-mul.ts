import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { type Activation, canFinish, finish } from '../simd/activation.js';
import { matMul, type Transposed } from '../simd/mat-mul.js';
import { withSimd } from '../simd/with-simd.js';
import { swapLast } from './batch-mat-mul.js';

/** The matrix product with bias and activation: transposed factors are transposed before it. */
const composed =
  (stock: tf.KernelFunc): tf.KernelFunc =>
  (args) => {
    const { transposeA, transposeB } = args.attrs as unknown as Transposed;
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
  };

type Inputs = 'a' | 'b' | 'bias' | 'preluActivationWeights';

type Attributes = Transposed & Pick<Activation, 'activation' | 'leakyreluAlpha'>;

export const fusedMatMulKernel: FasterKernel = {
  kernelName: tf._FusedMatMul,
  wrap: (stock) =>
    withSimd<Inputs, Attributes>((simd, { inputs, attrs }) => {
      const { a, b, bias, preluActivationWeights } = inputs;
      const options = { ...attrs, bias, preluActivationWeights };
      const columns = b.shape[b.rank - (attrs.transposeB ? 2 : 1)] as number;
      const product = canFinish(columns, options) ? matMul(simd, a, b, attrs) : undefined;
      if (product) finish(simd, product, options);
      return product;
    }, composed(stock)),
};
