import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { MissingKernel } from '../../support/register-kernels.js';
import { finishedConv2d } from '../simd/conv2d.js';
import { AS_IT_IS, writesFinished } from '../simd/correlation.js';
import type { Simd } from '../simd/simd.js';
import { withSimd } from '../simd/with-simd.js';
import type { Shape4D } from './kernel.js';

type Weight = 'scale' | 'offset' | 'mean' | 'variance';

interface Attributes {
  readonly stride: number;
  readonly epsilon: number;
  readonly slope: number;
}

/**
 * A convolution, normalised by constants and activated, as it is written: leaky(y * factor + shift). The filter comes as it is, so that its
 * layout is kept while it stays the same; what is made of the other weights is a few numbers a channel.
 */
function convolveNormalized(
  simd: Simd,
  { x, filter, ...weights }: Readonly<Record<'x' | 'filter' | Weight, Tensor>>,
  { stride, epsilon, slope }: Attributes,
): TensorInfo | undefined {
  const channels = filter.shape[3] as number;
  if (!writesFinished(channels)) return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    ...([x.shape as Shape4D, filter.shape as Shape4D, stride, 1, 'same'] as const),
  );
  return finishedConv2d(simd, x, filter, info, (scratch) => {
    const { factors, shifts } = folded(simd, weights, epsilon);
    return {
      ...AS_IT_IS,
      factors: scratch.floats(factors),
      bias: scratch.floats(shifts),
      ...(slope !== 1 && { slopes: scratch.floats(new Float32Array(channels).fill(slope)) }),
    };
  });
}

/** scale / sqrt(variance + epsilon), and offset - mean * that. */
function folded(simd: Simd, weights: Readonly<Record<Weight, Tensor>>, epsilon: number) {
  const [scale, offset, mean, variance] = (['scale', 'offset', 'mean', 'variance'] as const).map(
    (name) => simd.floats(weights[name]),
  );
  const factors = scale.map((value, i) => value / Math.sqrt(variance[i] + epsilon));
  const shifts = offset.map((value, i) => value - mean[i] * factors[i]);
  return { factors, shifts };
}

/** The convolutions of the library's networks in inference; the caller composes them without SIMD, and where panels are not full. */
export const convolveNormalizedKernel: MissingKernel = {
  kernelName: 'SaladConvolveNormalized',
  kernelFunc: withSimd<'x' | 'filter' | Weight, Attributes>(
    (simd, { inputs, attrs }) => convolveNormalized(simd, inputs, attrs),
    () => [],
  ),
};
