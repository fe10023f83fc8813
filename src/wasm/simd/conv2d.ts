import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Activation, finish, finishOf } from './activation.js';
import { after } from './address.js';
import { AS_IT_IS, correlation, type Finish, type Window, writesFinished } from './correlation.js';
import { type Frame, forEachFramed, imagesOf, mapsOf, steps } from './frames.js';
import { type Band, productTime, shareRows } from './share.js';
import type { Scratch, Simd } from './simd.js';
import { formOf, winogradConv2d } from './winograd.js';

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

/** A convolution, channels last, and what it is followed by. */
export function conv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  then: Activation = {},
): TensorInfo {
  const { outChannels } = info;
  if (writesFinished(outChannels)) {
    return finishedConv2d(simd, x, filter, info, (scratch) =>
      finishOf(simd, scratch, outChannels, then),
    );
  }
  const y = finishedConv2d(simd, x, filter, info, () => AS_IT_IS);
  finish(simd, y, then);
  return y;
}

/** A convolution whose outputs are finished as they are written; only where `writesFinished`, or nothing is to be done. */
export function finishedConv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  finishing: (scratch: Scratch) => Finish,
): TensorInfo {
  const { batchSize, inChannels, outChannels, outHeight, outWidth } = info;
  const whole = inChannels % 4 === 0 && outChannels % 8 === 0;
  const form = whole ? formOf(info, outHeight, outWidth) : undefined;
  if (form) return winogradConv2d(simd, form, x, filter, info, finishing);
  const y = simd.output(info.outShape);
  const outputs = { ...mapsOf(simd, y), ...steps(mapsOf(simd, y)) };
  const frame = frameOf(info);
  const framed = steps({ ...frame, channels: inChannels });
  const inner = info.filterHeight * info.filterWidth * inChannels;
  simd.withScratch((scratch) => {
    const taps = {
      address: simd.address(filter),
      offsets: [0],
      values: inner,
      valueStep: outChannels * 4,
      columns: outChannels,
      columnStep: 4,
    };
    const window = windowOf(info, framed.row, framed.column);
    const slideOf = correlation(simd, scratch, window, taps, finishing(scratch));
    const ofBand = (part: Simd, { image: first, images: some, row: top, rows: height }: Band) =>
      part.withScratch((own) => {
        const slide = slideOf(part, own);
        const seen = {
          ...frame,
          top: frame.top - top * info.strideHeight,
          height: frame.height - (outHeight - height) * info.strideHeight,
        };
        const inputs = imagesOf(mapsOf(part, x), first, some);
        forEachFramed(part, own, inputs, seen, ({ address, images }, image) => {
          const from = {
            address,
            image: steps({ ...seen, channels: inChannels }).image,
            row: framed.row * info.strideHeight,
            column: framed.column * info.strideWidth,
          };
          const start = (first + image) * outputs.image + top * outputs.row;
          const to = { ...outputs, address: after(outputs.address, start) };
          slide(images, height, outWidth, from, to);
        });
      });
    const time = productTime(batchSize * outHeight * outWidth * outChannels * inner);
    shareRows(simd, batchSize, outHeight, time, ofBand);
  });
  return y;
}
