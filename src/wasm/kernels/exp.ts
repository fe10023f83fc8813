import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { after } from '../simd/address.js';
import { passTime, shareValues } from '../simd/share.js';
import { withSimd } from '../simd/with-simd.js';

/** tf.exp, within about one unit in the last place; the stock kernel is a scalar loop. */
export const expKernel: FasterKernel = {
  kernelName: tf.Exp,
  wrap: (stock) =>
    withSimd<'x', object>((simd, { inputs: { x } }) => {
      const y = simd.output(x.shape);
      const [from, to] = simd.addresses(x, y);
      shareValues(simd, x.size, passTime(4 * x.size), ({ exp }, bytes, count) =>
        exp(after(from, bytes), after(to, bytes), count),
      );
      return y;
    }, stock),
};
