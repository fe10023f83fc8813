import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { after } from '../simd/address.js';
import { passTime, shareValues } from '../simd/share.js';
import { withSimd } from '../simd/with-simd.js';

/** tf.leakyRelu; the stock kernel is a scalar loop. */
export const leakyReluKernel: FasterKernel = {
  kernelName: tf.LeakyRelu,
  wrap: (stock) =>
    withSimd<'x', { readonly alpha: number }>((simd, { inputs: { x }, attrs: { alpha } }) => {
      const y = simd.output(x.shape);
      const [from, to] = simd.addresses(x, y);
      shareValues(simd, x.size, passTime(x.size), ({ leakyRelu }, bytes, count) =>
        leakyRelu(after(from, bytes), after(to, bytes), count, alpha),
      );
      return y;
    }, stock),
};
