import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Activation, finish } from './activation.js';
import { NOWHERE } from './address.js';
import type { Simd } from './simd.js';

/** What the kernel clips to by itself; other activations come after it. */
const LIMITS: Record<string, readonly [least: number, most: number]> = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
};

/** A depthwise convolution, channels last, of one filter a channel, and what it is followed by. */
export function depthwiseConv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  then: Activation = {},
): TensorInfo {
  const { bias, activation = 'linear' } = then;
  const y = simd.output(info.outShape);
  const [least, most] = LIMITS[activation] ?? LIMITS.linear;
  const taps = info.filterHeight * info.filterWidth;
  simd.withScratch((scratch) => {
    const packed = scratch.take(Math.ceil(info.inChannels / 4) * taps * 16);
    simd.functions.packDepthwise(simd.address(filter), packed, taps, info.inChannels);
    simd.functions.depthwise(
      ...[simd.address(x), packed, bias ? simd.address(bias) : NOWHERE, simd.address(y)],
      ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels],
      ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
      ...[info.padInfo.top, info.padInfo.left, info.outHeight, info.outWidth],
      ...[least, most],
    );
  });
  if (!(activation in LIMITS)) finish(simd, y, { ...then, bias: undefined });
  return y;
}
