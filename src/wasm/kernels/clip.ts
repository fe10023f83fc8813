import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { after } from '../simd/address.js';
import { passTime, shareValues } from '../simd/share.js';
import type { Simd } from '../simd/simd.js';
import { withSimd } from '../simd/with-simd.js';

/* The stock kernels make an ordinary number of NaN, so that a broken value would pass for a good one. */

function clip(simd: Simd, x: tf.Tensor, least: number, most: number): tf.TensorInfo {
  const y = simd.output(x.shape);
  const [from, to] = simd.addresses(x, y);
  shareValues(simd, x.size, passTime(x.size), ({ clip: clipValues }, bytes, count) =>
    clipValues(after(from, bytes), after(to, bytes), count, least, most),
  );
  return y;
}

/** tf.clipByValue. */
export const clipByValueKernel: FasterKernel = {
  kernelName: tf.ClipByValue,
  wrap: (stock) =>
    withSimd<'x', { readonly clipValueMin: number; readonly clipValueMax: number }>(
      (simd, { inputs: { x }, attrs: { clipValueMin, clipValueMax } }) =>
        clip(simd, x, clipValueMin, clipValueMax),
      stock,
    ),
};

/** tf.relu; the stock kernel makes 0 of a NaN whose sign is set, as that of 0 / 0 is on many processors. */
export const reluKernel = rectifier(tf.Relu, Number.POSITIVE_INFINITY);

/** tf.relu6. */
export const relu6Kernel = rectifier(tf.Relu6, 6);

function rectifier(kernelName: string, most: number): FasterKernel {
  return {
    kernelName,
    wrap: (stock) =>
      withSimd<'x', object>((simd, { inputs: { x } }) => clip(simd, x, 0, most), stock),
  };
}

/** tf.maximum. */
export const maximumKernel = extreme(tf.Maximum, true);

/** tf.minimum. */
export const minimumKernel = extreme(tf.Minimum, false);

function extreme(kernelName: string, larger: boolean): FasterKernel {
  return {
    kernelName,
    wrap: (stock) =>
      withSimd<'a' | 'b', object>((simd, { inputs }) => {
        const shape = tf.backend_util.assertAndGetBroadcastShape(inputs.a.shape, inputs.b.shape);
        const size = tf.util.sizeFromShape(shape);
        const wide = [inputs.a, inputs.b].map((x) =>
          x.size === 1 || x.size === size ? x : tf.broadcastTo(x, shape),
        );
        const [a, b] = wide;
        const y = simd.output(shape);
        const [aStep, bStep] = [a.size === 1 ? 0 : 4, b.size === 1 ? 0 : 4];
        const [aPlace, bPlace, to] = simd.addresses(a, b, y);
        shareValues(simd, size, passTime(2 * size), ({ extremes }, bytes, count) =>
          extremes(
            ...[after(aPlace, aStep && bytes), aStep, after(bPlace, bStep && bytes), bStep],
            ...[after(to, bytes), count, larger],
          ),
        );
        tf.dispose(wide.filter((x) => x !== inputs.a && x !== inputs.b));
        return y;
      }, stock),
  };
}
