import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Activation, finishOf } from './activation.js';
import { type Address, after } from './address.js';
import { correlation, writesFinished } from './correlation.js';
import { spatialSlide } from './depthwise-conv2d.js';
import { mapsOf, steps } from './frames.js';
import { type Band, productTime, shareRows } from './share.js';
import type { Scratch, Simd } from './simd.js';

/** Bytes of expanded rows, and of what is made of them, that are in work at a time: what a second-level cache holds. */
const BAND_BYTES = 900_000;

/** The maps and the weights of a block, as the operation hands them to a kernel; those of an expansion may be missing. */
export interface BottleneckInputs {
  readonly x: Tensor;
  readonly expandFilter?: Tensor;
  readonly expandBias?: Tensor;
  readonly spatialFilter: Tensor;
  readonly spatialBias: Tensor;
  readonly projectFilter: Tensor;
  readonly projectBias: Tensor;
}

/**
 * An inverted bottleneck in bands of rows, image by image: a band is expanded, convolved and projected while it is in the
 * cache, so that no expanded map is written. Each number is that of the three convolutions one after the other, to the bit.
 * Undefined where the panels of a product would not be full.
 */
export function invertedBottleneck(
  simd: Simd,
  inputs: BottleneckInputs,
  stride: number,
): TensorInfo | undefined {
  const { x, expandFilter, spatialFilter, projectFilter } = inputs;
  const [filterHeight, filterWidth, inner] = spatialFilter.shape;
  const outputs = projectFilter.shape[3] as number;
  if (!writesFinished(inner) || !writesFinished(outputs)) return undefined;
  const [images, height, width] = x.shape;
  const info = tf.backend_util.computeConv2DInfo(
    [images, height, width, inner],
    [filterHeight, filterWidth, inner, 1],
    ...([stride, 1, 'same', undefined, true] as const),
  );
  const y = simd.output([images, info.outHeight, info.outWidth, outputs]);
  const [given, made] = [mapsOf(simd, x), mapsOf(simd, y)];
  const [givenStep, madeStep] = [steps(given), steps(made)];
  const wideRow = width * inner * 4;
  const narrowRow = info.outWidth * inner * 4;
  const band = bandOf(info, expandFilter ? wideRow : 0, narrowRow);
  simd.withScratch((scratch) => {
    const expandOf =
      expandFilter && placewise(simd, scratch, expandFilter, clipped(inputs.expandBias));
    const projectOf = placewise(simd, scratch, projectFilter, { bias: inputs.projectBias });
    const see = spatialSlide(simd, scratch, spatialFilter, info, clipped(inputs.spatialBias));
    const ofRows = (part: Simd, { image: first, images: some, row: upper, rows: few }: Band) =>
      part.withScratch((own) => {
        const [expand, project] = [expandOf?.(part, own), projectOf(part, own)];
        const expanded = own.take(expand ? seenBy(band, info) * wideRow : 0);
        const seen = own.take(band * narrowRow);
        for (let image = first; image < first + some; image++) {
          const from = after(given.address, image * givenStep.image);
          const to = after(made.address, image * madeStep.image);
          // The expanded rows at hand: the first of them, and the one behind the last.
          let [start, end] = [0, 0];
          for (let row = upper; row < upper + few; row += band) {
            const rows = Math.min(band, upper + few - row);
            const above = row * stride - info.padInfo.top;
            const next = Math.max(0, above);
            const stop = Math.min(height, above + seenBy(rows, info));
            if (expand) {
              // The band before has made those that both see.
              const kept = Math.max(0, end - next);
              part.move(after(expanded, (next - start) * wideRow), expanded, kept * wideRow);
              const missing = next + kept;
              expand(
                (stop - missing) * width,
                after(from, missing * givenStep.row),
                after(expanded, kept * wideRow),
              );
              [start, end] = [next, stop];
            }
            const source = expand ? expanded : after(from, next * givenStep.row);
            see(part, 1, stop - next, rows, next - above, source, seen);
            project(rows * info.outWidth, seen, after(to, row * madeStep.row));
          }
        }
      });
    const products = inner * (given.channels + filterHeight * filterWidth + outputs);
    const time = productTime(products * images * info.outHeight * info.outWidth * stride);
    shareRows(simd, images, info.outHeight, time, ofRows);
  });
  return y;
}

/** Rows that the filter sees from so many places one below the other. */
function seenBy(rows: number, info: tf.backend_util.Conv2DInfo): number {
  return (rows - 1) * info.strideHeight + info.filterHeight;
}

/** Output rows of a band: bands of about one size, at least a row. */
function bandOf(info: tf.backend_util.Conv2DInfo, wideRow: number, narrowRow: number): number {
  const fixed = (info.filterHeight - info.strideHeight) * wideRow;
  const fitting = (BAND_BYTES - fixed) / (info.strideHeight * wideRow + narrowRow);
  const bands = Math.ceil(info.outHeight / Math.max(1, Math.floor(fitting)));
  return Math.ceil(info.outHeight / bands);
}

const clipped = (bias: Tensor | undefined): Activation => ({ bias, activation: 'relu6' });

/** A convolution of single places: so many of them, one after the other in memory. */
function placewise(simd: Simd, scratch: Scratch, filter: Tensor, then: Activation) {
  const [, , inputs, outputs] = filter.shape as [number, number, number, number];
  const taps = {
    ...{ address: simd.address(filter), offsets: [0], values: inputs },
    ...{ valueStep: outputs * 4, columns: outputs, columnStep: 4 },
  };
  const finish = finishOf(simd, scratch, outputs, then);
  const slideOf = correlation(simd, scratch, { offsets: [0], count: inputs }, taps, finish);
  const grid = { image: 0, row: 0 };
  return (part: Simd, own: Scratch) => {
    const slide = slideOf(part, own);
    return (places: number, from: Address, to: Address) =>
      slide(
        ...([1, 1, places] as const),
        { ...grid, address: from, column: inputs * 4 },
        { ...grid, address: to, column: outputs * 4 },
      );
  };
}
