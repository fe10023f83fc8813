import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Activation, finish, finishOf } from './activation.js';
import { AS_IT_IS } from './correlation.js';
import type { Simd } from './simd.js';

/** A depthwise convolution, channels last, of one filter a channel, and what it is followed by. */
export function depthwiseConv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  then: Activation = {},
): TensorInfo {
  const y = simd.output(info.outShape);
  const finished = finishOf(simd, then);
  const { bias, least, most } = finished ?? AS_IT_IS;
  const taps = info.filterHeight * info.filterWidth;
  simd.withScratch((scratch) => {
    const packed = scratch.take(Math.ceil(info.inChannels / 4) * taps * 16);
    simd.functions.packDepthwise(simd.address(filter), packed, taps, info.inChannels);
    simd.functions.depthwise(
      ...[simd.address(x), packed, bias, simd.address(y)],
      ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels],
      ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
      ...[info.padInfo.top, info.padInfo.left, info.outHeight, info.outWidth],
      ...[least, most],
    );
  });
  if (!finished) finish(simd, y, then);
  return y;
}
