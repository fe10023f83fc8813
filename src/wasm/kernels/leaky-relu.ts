import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { withSimd } from '../simd/simd.js';

/** tf.leakyRelu; the stock kernel is a scalar loop. */
export const leakyReluKernel: FasterKernel = {
  kernelName: tf.LeakyRelu,
  wrap: (stock) =>
    withSimd<'x', { readonly alpha: number }>((simd, { inputs: { x }, attrs: { alpha } }) => {
      const y = simd.output(x.shape);
      simd.functions.leakyRelu(...simd.addresses(x, y), x.size, alpha);
      return y;
    }, stock),
};
