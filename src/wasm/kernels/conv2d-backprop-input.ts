import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import {
  type Axis,
  convolveBackwards,
  mergedPhases,
  type PhaseGroup,
  separatePhases,
  spatialAxes,
} from '../composed/phases.js';
import { conv2dBackpropInput } from '../simd/conv2d-backprop-input.js';
import { withSimd } from '../simd/with-simd.js';
import {
  type ConvolutionAttributes,
  convolutionInfo,
  type KernelArguments,
  kernelFunc,
  type Shape4D,
} from './kernel.js';

type Attributes = ConvolutionAttributes & { readonly inputShape: Shape4D };

/** Output channels that the convolution kernel computes at a time; fewer cost as many. */
const CHANNEL_TILE = 8;

/**
 * The gradient of a convolution with respect to its input, which is also the forward pass of
 * tf.conv2dTranspose: a small forward convolution with flipped taps for every phase of the stride.
 *
 *     dX[b, i, j, c] = sum_{k, l, d} dY[b, (i + top - k) / s, (j + left - l) / s, d] * W[k, l, c, d]
 *
 * over the taps k, l that leave no remainder.
 */
function composed({
  inputs: { dy, filter },
  attrs,
}: KernelArguments<'dy' | 'filter', Attributes>): tf.Tensor {
  return tf.tidy(() => {
    const shape = filter.shape as Shape4D;
    const info = convolutionInfo(tf.Conv2DBackpropInput, attrs.inputShape, shape, attrs);
    const { rows, columns } = spatialAxes(info);
    const values = filter.dataSync<'float32'>();
    return convolveBackwards(
      dy as tf.Tensor4D,
      rows,
      columns,
      columnGroups(columns, info.inChannels),
      (cropped, padding, rowGroup, columnGroup) =>
        tf.conv2d(cropped, flippedTaps(values, shape, rowGroup, columnGroup), 1, padding),
    );
  });
}

/** One window for all column phases where its zeros cost no more than convolving phase by phase. */
function columnGroups(columns: Axis, channels: number): PhaseGroup[] {
  const separate = separatePhases(columns);
  const merged = mergedPhases(columns);
  const cost = (group: PhaseGroup) =>
    group.length * Math.ceil((group.taps.length * channels) / CHANNEL_TILE);
  const separateCost = separate.reduce((sum, group) => sum + cost(group), 0);
  return cost(merged) <= separateCost ? [merged] : separate;
}

/** The filter's taps of a pair of groups: [rows, columns, output channels, phases * input channels]. */
function flippedTaps(
  filter: Float32Array,
  [, filterWidth, inChannels, outChannels]: Shape4D,
  rowGroup: PhaseGroup,
  columnGroup: PhaseGroup,
): tf.Tensor4D {
  const phases = columnGroup.taps.length;
  const shape: Shape4D = [rowGroup.length, columnGroup.length, outChannels, phases * inChannels];
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let row = 0; row < rowGroup.length; row++) {
    for (let column = 0; column < columnGroup.length; column++) {
      for (let phase = 0; phase < phases; phase++) {
        const rowTap = rowGroup.taps[0][row];
        const columnTap = columnGroup.taps[phase][column];
        if (rowTap < 0 || columnTap < 0) continue;
        const from = (rowTap * filterWidth + columnTap) * inChannels * outChannels;
        const to = (row * columnGroup.length + column) * outChannels * phases * inChannels;
        for (let output = 0; output < outChannels; output++) {
          const start = to + (output * phases + phase) * inChannels;
          for (let input = 0; input < inChannels; input++) {
            values[start + input] = filter[from + input * outChannels + output];
          }
        }
      }
    }
  }
  return tf.tensor4d(values, shape);
}

const onSimdOrComposed = withSimd<'dy' | 'filter', Attributes>(
  (simd, { inputs: { dy, filter }, attrs }) =>
    conv2dBackpropInput(
      simd,
      dy,
      filter,
      convolutionInfo(tf.Conv2DBackpropInput, attrs.inputShape, filter.shape as Shape4D, attrs),
    ),
  kernelFunc(composed),
);

export const conv2dBackpropInputKernel: FasterKernel = {
  kernelName: tf.Conv2DBackpropInput,
  wrap: (stock) => (args) =>
    args.attrs?.dataFormat === 'NCHW' ? stock(args) : onSimdOrComposed(args),
};
