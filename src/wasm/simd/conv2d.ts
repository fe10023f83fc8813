import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Activation, finish, finisher, finishOf } from './activation.js';
import { after } from './address.js';
import { correlation, type Grid, type Window, writesFinished } from './correlation.js';
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

/** Bytes of output that are made before they are finished: they are still in the cache then. */
const BAND_BYTES = 1 << 16;

/** A convolution, channels last, and what it is followed by. */
export function conv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  then: Activation = {},
): TensorInfo {
  if (isWinograd(info)) {
    const y = winogradConv2d(simd, x, filter, info);
    finish(simd, y, then);
    return y;
  }
  const y = simd.output(info.outShape);
  const outputs = { ...mapsOf(simd, y), ...steps(mapsOf(simd, y)) };
  const frame = frameOf(info);
  const framed = steps({ ...frame, channels: info.inChannels });
  simd.withScratch((scratch) => {
    const within = writesFinished(info.outChannels) ? finishOf(simd, then) : undefined;
    const finishRows = within ? undefined : finisher(simd, scratch, info.outChannels, then);
    const band = Math.max(1, Math.floor(BAND_BYTES / outputs.row));
    const taps = {
      address: simd.address(filter),
      offsets: [0],
      values: info.filterHeight * info.filterWidth * info.inChannels,
      valueStep: info.outChannels * 4,
      columns: info.outChannels,
      columnStep: 4,
    };
    const window = windowOf(info, framed.row, framed.column);
    const slide = correlation(simd, scratch, window, taps, within);
    forEachFramed(simd, scratch, mapsOf(simd, x), frame, ({ address, images }, first) => {
      const from = {
        address,
        image: framed.image,
        row: framed.row * info.strideHeight,
        column: framed.column * info.strideWidth,
      };
      const to = { ...outputs, address: after(outputs.address, first * outputs.image) };
      if (!finishRows) return slide(images, info.outHeight, info.outWidth, from, to);
      for (let image = 0; image < images; image++) {
        for (let row = 0; row < info.outHeight; row += band) {
          const rows = Math.min(band, info.outHeight - row);
          const at = (grid: Grid) => ({
            ...grid,
            address: after(grid.address, image * grid.image + row * grid.row),
          });
          const made = at(to);
          slide(1, rows, info.outWidth, at(from), made);
          finishRows(made.address, rows * info.outWidth);
        }
      }
    });
  });
  return y;
}
