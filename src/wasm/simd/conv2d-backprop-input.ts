import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Axis, type PhaseGroup, separatePhases, spatialAxes } from '../composed/phases.js';
import { after } from './address.js';
import { correlation, NO_TAP } from './correlation.js';
import { type Frame, forEachFramed, imagesOf, mapsOf, steps } from './frames.js';
import { type Band, productTime, shareRows } from './share.js';
import type { Simd } from './simd.js';
import { formOf, winogradBackpropInput } from './winograd.js';

/**
 * The gradient of a convolution with respect to its input: for every phase of the stride, a window of
 * the phase's flipped taps slides over dy and writes every stride-th pixel.
 */
export function conv2dBackpropInput(
  simd: Simd,
  dy: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const { inChannels, outChannels, filterWidth } = info;
  const whole = inChannels % 8 === 0 && outChannels % 4 === 0;
  const form = whole ? formOf(info, info.inHeight, info.inWidth) : undefined;
  if (form?.stride === 1) return winogradBackpropInput(simd, form, dy, filter, info);
  const dx = simd.output(info.inShape);
  const inputs = mapsOf(simd, dx);
  const step = steps(inputs);
  const { rows, columns } = spatialAxes(info);
  const frame = frameOfPhases(rows, columns);
  const framed = steps({ ...frame, channels: outChannels });
  const tapBytes = inChannels * outChannels * 4;
  simd.withScratch((scratch) => {
    const phases = separatePhases(rows).flatMap((row, top) =>
      separatePhases(columns).map((column, left) => {
        const window = {
          offsets: row.taps[0].map((_, k) => k * framed.row),
          count: column.length * outChannels,
        };
        const slideOf = correlation(simd, scratch, window, {
          address: simd.address(filter),
          offsets: row.taps[0].flatMap((k) =>
            column.taps[0].map((l) => (k < 0 || l < 0 ? NO_TAP : (k * filterWidth + l) * tapBytes)),
          ),
          values: outChannels,
          valueStep: 4,
          columns: inChannels,
          columnStep: outChannels * 4,
        });
        return { slideOf, row, column, top, left };
      }),
    );
    const backwards = (part: Simd, { image, images: some, row: upper, rows: height }: Band) =>
      part.withScratch((own) => {
        const outputs = imagesOf(mapsOf(part, dy), image, some);
        const slides = phases.map((phase) => ({ ...phase, slide: phase.slideOf(part, own) }));
        forEachFramed(part, own, outputs, frame, ({ address, images }, first) => {
          for (const { slide, row, column, top, left } of slides) {
            // Of the phase's rows those of the band.
            const start = Math.ceil(Math.max(0, upper - top) / rows.stride);
            const end = Math.ceil(Math.max(0, upper + height - top) / rows.stride);
            const above = (row.offset + frame.top + start) * framed.row;
            const before = (column.offset + frame.left) * framed.column;
            const place =
              (image + first) * step.image +
              (top + start * rows.stride) * step.row +
              left * step.column;
            slide(
              ...[images, end - start, Math.ceil((columns.inputSize - left) / columns.stride)],
              { ...framed, address: after(address, above + before) },
              {
                address: after(inputs.address, place),
                image: step.image,
                row: step.row * rows.stride,
                column: step.column * columns.stride,
              },
            );
          }
        });
      });
    const products = inChannels * outChannels * info.filterHeight * filterWidth;
    const time = productTime(products * info.batchSize * info.outHeight * info.outWidth);
    shareRows(simd, inputs.images, inputs.height, time, backwards);
  });
  return dx;
}

/** The frame around dy that holds what every phase sees. */
function frameOfPhases(rows: Axis, columns: Axis): Frame {
  const [top, height] = reach(rows);
  const [left, width] = reach(columns);
  return { top, left, height, width };
}

function reach(axis: Axis): [before: number, length: number] {
  const phases = separatePhases(axis);
  const places = (phase: number) => Math.ceil((axis.inputSize - phase) / axis.stride);
  const end = ({ offset, length }: PhaseGroup, phase: number) =>
    offset + places(phase) - 1 + length;
  const before = -Math.min(...phases.map(({ offset }) => offset));
  return [before, before + Math.max(...phases.map(end))];
}
