import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Activation, clipOf, finish } from './activation.js';
import type { Address } from './address.js';
import { AS_IT_IS } from './correlation.js';
import type { Scratch, Simd } from './simd.js';

/** A depthwise convolution, channels last, of one filter a channel, and what it is followed by. */
export function depthwiseConv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  then: Activation = {},
): TensorInfo {
  const y = simd.output(info.outShape);
  const { batchSize, inHeight, outHeight, padInfo } = info;
  simd.withScratch((scratch) => {
    const see = spatialSlide(simd, scratch, filter, info, then);
    see(batchSize, inHeight, outHeight, padInfo.top, ...simd.addresses(x, y));
  });
  if (!clipOf(simd, then)) finish(simd, y, then);
  return y;
}

/**
 * Prepares to convolve maps as wide as those of `info`, channel by channel.
 *
 * @param then finished as far as `clipOf` goes.
 * @returns a function that takes images of so many rows, with `top` rows of zeros ahead of them, and writes `outHeight` rows of each.
 */
export function spatialSlide(
  simd: Simd,
  scratch: Scratch,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  then: Activation,
) {
  const { bias, least, most } = clipOf(simd, then) ?? AS_IT_IS;
  const { filterHeight, filterWidth, inWidth, inChannels } = info;
  const taps = filterHeight * filterWidth;
  const packed = scratch.take(Math.ceil(inChannels / 4) * taps * 16);
  simd.functions.packDepthwise(simd.address(filter), packed, taps, inChannels);
  return (
    images: number,
    height: number,
    outHeight: number,
    top: number,
    from: Address,
    to: Address,
  ) =>
    simd.functions.depthwise(
      ...[from, packed, bias, to],
      ...[images, height, inWidth, inChannels],
      ...[filterHeight, filterWidth, info.strideHeight, info.strideWidth],
      ...[top, info.padInfo.left, outHeight, info.outWidth],
      ...[least, most],
    );
}
