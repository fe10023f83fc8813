import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after } from './address.js';
import { correlation, type Window } from './correlation.js';
import { type Frame, forEachFramed, mapsOf, steps } from './frames.js';
import type { Simd } from './simd.js';
import { isWinograd, winogradConv2d } from './winograd.js';

/** The frame of zeros that a convolution's filter passes over. */
export function frameOf(info: tf.backend_util.Conv2DInfo): Frame {
  const reach = (size: number, stride: number, filter: number) => (size - 1) * stride + filter;
  return {
    top: info.padInfo.top,
    left: info.padInfo.left,
    height: reach(info.outHeight, info.strideHeight, info.effectiveFilterHeight),
    width: reach(info.outWidth, info.strideWidth, info.effectiveFilterWidth),
  };
}

/** What a filter sees of a frame: whole rows of taps where they are not dilated, else tap by tap. */
function windowOf(info: tf.backend_util.Conv2DInfo, row: number, column: number): Window {
  const whole = info.dilationWidth === 1;
  const offsets: number[] = [];
  for (let k = 0; k < info.filterHeight; k++) {
    for (let l = 0; l < (whole ? 1 : info.filterWidth); l++) {
      offsets.push(k * info.dilationHeight * row + l * info.dilationWidth * column);
    }
  }
  return { offsets, count: (whole ? info.filterWidth : 1) * info.inChannels };
}

/** A convolution, channels last. */
export function conv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  if (isWinograd(info)) return winogradConv2d(simd, x, filter, info);
  const y = simd.output(info.outShape);
  const outputs = { ...mapsOf(simd, y), ...steps(mapsOf(simd, y)) };
  const frame = frameOf(info);
  const framed = steps({ ...frame, channels: info.inChannels });
  simd.withScratch((scratch) => {
    const slide = correlation(simd, scratch, windowOf(info, framed.row, framed.column), {
      address: simd.address(filter),
      offsets: [0],
      values: info.filterHeight * info.filterWidth * info.inChannels,
      valueStep: info.outChannels * 4,
      columns: info.outChannels,
      columnStep: 4,
    });
    forEachFramed(simd, scratch, mapsOf(simd, x), frame, ({ address, images }, first) => {
      const from = {
        address,
        image: framed.image,
        row: framed.row * info.strideHeight,
        column: framed.column * info.strideWidth,
      };
      const to = { ...outputs, address: after(outputs.address, first * outputs.image) };
      slide(images, info.outHeight, info.outWidth, from, to);
    });
  });
  return y;
}
