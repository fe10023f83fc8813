import * as tf from '@tensorflow/tfjs-core';
import type { MissingKernel } from '../../support/register-kernels.js';
import {
  convolveBackwards,
  type PhaseGroup,
  separatePhases,
  spatialAxes,
} from '../composed/phases.js';
import {
  type ConvolutionAttributes,
  convolutionInfo,
  type KernelArguments,
  kernelFunc,
  type Shape4D,
} from './kernel.js';

type Attributes = ConvolutionAttributes & { readonly inputShape: Shape4D };

const kernelName = tf.DepthwiseConv2dNativeBackpropInput;

/**
 * The gradient of a depthwise convolution with respect to its input: a small forward depthwise
 * convolution with flipped taps for every phase of the stride, summed over the multiplier m.
 *
 *     dX[b, i, j, c] = sum_{k, l, m} dY[b, (i+top-k)/s, (j+left-l)/s, c*M + m] * W[k, l, c, m]
 */
function depthwiseConv2dBackpropInput({
  inputs: { dy, filter },
  attrs,
}: KernelArguments<'dy' | 'filter', Attributes>): tf.Tensor {
  return tf.tidy(() => {
    const shape = filter.shape as Shape4D;
    const { inputShape } = attrs;
    const info = convolutionInfo(kernelName, inputShape, shape, attrs, true);
    const { rows, columns } = spatialAxes(info);
    const values = filter.dataSync<'float32'>();
    const gradient = convolveBackwards(
      dy as tf.Tensor4D,
      rows,
      columns,
      separatePhases(columns),
      (cropped, padding, rowGroup, columnGroup) =>
        tf.depthwiseConv2d(cropped, flippedTaps(values, shape, rowGroup, columnGroup), 1, padding),
    );
    const multiplier = shape[3];
    return multiplier === 1
      ? gradient
      : tf.reshape(tf.sum(tf.reshape(gradient, [-1, multiplier]), 1), inputShape);
  });
}

/** The filter's taps of a pair of single phases: [rows, columns, output channels, 1]. */
function flippedTaps(
  filter: Float32Array,
  [, filterWidth, inChannels, multiplier]: Shape4D,
  rowGroup: PhaseGroup,
  columnGroup: PhaseGroup,
): tf.Tensor4D {
  const channels = inChannels * multiplier;
  const values = new Float32Array(rowGroup.length * columnGroup.length * channels);
  rowGroup.taps[0].forEach((rowTap, row) => {
    columnGroup.taps[0].forEach((columnTap, column) => {
      if (rowTap < 0 || columnTap < 0) return;
      const from = (rowTap * filterWidth + columnTap) * channels;
      values.set(
        filter.subarray(from, from + channels),
        (row * columnGroup.length + column) * channels,
      );
    });
  });
  return tf.tensor4d(values, [rowGroup.length, columnGroup.length, channels, 1]);
}

export const depthwiseConv2dBackpropInputKernel: MissingKernel = {
  kernelName,
  kernelFunc: kernelFunc(depthwiseConv2dBackpropInput),
};
