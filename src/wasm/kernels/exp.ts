import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { withSimd } from '../simd/simd.js';

/** tf.exp, within about one unit in the last place; the stock kernel is a scalar loop. */
export const expKernel: FasterKernel = {
  kernelName: tf.Exp,
  wrap: (stock) =>
    withSimd<'x', object>((simd, { inputs: { x } }) => {
      const y = simd.output(x.shape);
      simd.functions.exp(...simd.addresses(x, y), x.size);
      return y;
    }, stock),
};
