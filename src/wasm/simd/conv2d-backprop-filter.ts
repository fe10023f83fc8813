import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { frameOf } from './conv2d.js';
import { forEachFramed, mapsOf, steps } from './frames.js';
import type { Simd } from './simd.js';

/** Places whose products are summed before they are added to the gradient: what the first-level cache holds. */
const BAND = 128;

/** The gradient of a convolution with respect to its filter, [filter height, filter width, in, out]. */
export function conv2dBackpropFilter(
  simd: Simd,
  x: Tensor,
  dy: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels, outHeight, outWidth } = info;
  const gradient = simd.output([filterHeight, filterWidth, inChannels, outChannels]);
  const outputs = mapsOf(simd, dy);
  const frame = frameOf(info);
  const framed = steps({ ...frame, channels: inChannels });
  const band = Math.max(1, Math.ceil(BAND / outWidth));
  simd.withScratch((scratch) => {
    const { correlateBack, correlateBackScratch, packPanels } = simd.functions;
    forEachFramed(simd, scratch, mapsOf(simd, x), frame, ({ address, images }, first) => {
      const places = images * outHeight * outWidth;
      const rowTable = scratch.take(
        correlateBackScratch(filterHeight * filterWidth * inChannels, images * outHeight),
      );
      let b = outputs.address + first * steps(outputs).image;
      let [bStep, panelStep] = [outChannels * 4, 32];
      if (outChannels % 8 !== 0) {
        const packed = scratch.take(places * Math.ceil(outChannels / 8) * 32);
        packPanels(b, packed, scratch.table([0]), 1, places, outChannels * 4, outChannels, 4);
        [b, bStep, panelStep] = [packed, 32, places * 32];
      }
      correlateBack(
        ...[images, outHeight, outWidth],
        ...[
          address,
          framed.image,
          framed.row * info.strideHeight,
          framed.column * info.strideWidth,
        ],
        ...[filterHeight, filterWidth, framed.row, framed.column, inChannels],
        ...[b, bStep, panelStep],
        ...[simd.address(gradient), outChannels, band, Number(first > 0), rowTable],
      );
    });
  });
  return gradient;
}
