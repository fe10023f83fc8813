import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Activation, finisher, finishOf } from './activation.js';
import { after } from './address.js';
import { correlation, type Grid, type Window, writesFinished } from './correlation.js';
import { type Frame, forEachFramed, imagesOf, mapsOf, steps } from './frames.js';
import { type Band, productTime, shareRows } from './share.js';
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
  if (isWinograd(info)) return winogradConv2d(simd, x, filter, info, then);
  const y = simd.output(info.outShape);
  const outputs = { ...mapsOf(simd, y), ...steps(mapsOf(simd, y)) };
  const frame = frameOf(info);
  const framed = steps({ ...frame, channels: info.inChannels });
  const { outHeight, outWidth, outChannels, strideHeight, filterHeight, filterWidth } = info;
  const inner = filterHeight * filterWidth * info.inChannels;
  simd.withScratch((scratch) => {
    const within = writesFinished(outChannels) ? finishOf(simd, then) : undefined;
    const taps = {
      address: simd.address(filter),
      offsets: [0],
      values: inner,
      valueStep: outChannels * 4,
      columns: outChannels,
      columnStep: 4,
    };
    const window = windowOf(info, framed.row, framed.column);
    const slideOf = correlation(simd, scratch, window, taps, within);
    const convolve = (part: Simd, { image: first, images: some, row: top, rows: height }: Band) =>
      part.withScratch((own) => {
        const slide = slideOf(part, own);
        const finishRows = within ? undefined : finisher(part, own, outChannels, then);
        const band = Math.max(1, Math.floor(BAND_BYTES / outputs.row));
        const seen = {
          ...frame,
          top: frame.top - top * strideHeight,
          height: frame.height - (outHeight - height) * strideHeight,
        };
        const inputs = imagesOf(mapsOf(part, x), first, some);
        forEachFramed(part, own, inputs, seen, ({ address, images }, image) => {
          const from = {
            address,
            image: steps({ ...seen, channels: info.inChannels }).image,
            row: framed.row * strideHeight,
            column: framed.column * info.strideWidth,
          };
          const start = (first + image) * outputs.image + top * outputs.row;
          const to = { ...outputs, address: after(outputs.address, start) };
          if (!finishRows) return slide(images, height, outWidth, from, to);
          for (let made = 0; made < images; made++) {
            for (let row = 0; row < height; row += band) {
              const rows = Math.min(band, height - row);
              const at = (grid: Grid) => ({
                ...grid,
                address: after(grid.address, made * grid.image + row * grid.row),
              });
              const place = at(to);
              slide(1, rows, outWidth, at(from), place);
              finishRows(place.address, rows * outWidth);
            }
          }
        });
      });
    const time = productTime(outputs.images * outHeight * outWidth * outChannels * inner);
    shareRows(simd, outputs.images, outHeight, time, convolve);
  });
  return y;
}
