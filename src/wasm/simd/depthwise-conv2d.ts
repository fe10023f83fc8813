import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Activation, clipOf, finisher } from './activation.js';
import { type Address, after } from './address.js';
import { AS_IT_IS } from './correlation.js';
import { imagesOf, mapsOf, steps } from './frames.js';
import { type Band, productTime, shareRows } from './share.js';
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
  const { inHeight, outHeight, outWidth, outChannels, padInfo, strideHeight } = info;
  const [inputs, outputs] = [mapsOf(simd, x), mapsOf(simd, y)];
  simd.withScratch((scratch) => {
    const see = spatialSlide(simd, scratch, filter, info, then);
    const finishRows = clipOf(simd, then) ? undefined : finisher(simd, scratch, outChannels, then);
    const ofRows = (part: Simd, { image, images, row, rows }: Band) => {
      const above = row * strideHeight - padInfo.top;
      const start = images === 1 ? Math.min(inHeight, Math.max(0, above)) : 0;
      const from = after(imagesOf(inputs, image, images).address, start * steps(inputs).row);
      const to = after(imagesOf(outputs, image, images).address, row * steps(outputs).row);
      see(part, images, inHeight - start, rows, start - above, from, to);
      finishRows?.(part, to, images * rows * outWidth);
    };
    const time = productTime(tf.util.sizeFromShape(y.shape) * info.filterHeight * info.filterWidth);
    shareRows(simd, outputs.images, outHeight, time, ofRows);
  });
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
    part: Simd,
    images: number,
    height: number,
    outHeight: number,
    top: number,
    from: Address,
    to: Address,
  ) =>
    part.functions.depthwise(
      ...[from, packed, bias, to],
      ...[images, height, inWidth, inChannels],
      ...[filterHeight, filterWidth, info.strideHeight, info.strideWidth],
      ...[top, info.padInfo.left, outHeight, info.outWidth],
      ...[least, most],
    );
}
