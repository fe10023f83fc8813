import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../support/random.js';
import { constant, heNormal, type Layer } from './layer.js';

/** What every convolution needs to know. */
export interface ConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Side of the square filter, in pixels. */
  readonly kernelSize: number;
  readonly stride: number;
  /** Whether a bias is added; a convolution that is normalised afterwards needs none. */
  readonly bias: boolean;
  readonly random: RandomStream;
}

/** A convolution with `same` padding: [b, h, w, in] to [b, ceil(h / stride), ceil(w / stride), out]. */
export function convolution(options: ConvolutionOptions): Layer {
  const { inputChannels, outputChannels, kernelSize, stride } = options;
  const filter = heNormal(
    [kernelSize, kernelSize, inputChannels, outputChannels],
    kernelSize * kernelSize * inputChannels,
    options.random,
  );
  const bias = options.bias ? [constant(outputChannels, 0, true)] : [];
  return {
    apply(x) {
      const y = tf.conv2d(x, filter as Tensor4D, stride, 'same');
      return bias.length > 0 ? tf.add(y, bias[0]) : y;
    },
    trainable: [filter, ...bias],
    statistics: [],
  };
}

/**
 * The transpose of a `same` convolution that takes maps of `outputSize` to maps of the input's size.
 *
 * An odd size halves upwards (7 to 4), so the output size has to be told.
 */
export function transposedConvolution(
  options: ConvolutionOptions & { readonly outputSize: readonly [height: number, width: number] },
): Layer {
  const { inputChannels, outputChannels, kernelSize, stride, outputSize } = options;
  const filter = heNormal(
    [kernelSize, kernelSize, outputChannels, inputChannels],
    // Each output pixel sees one filter tap in stride^2.
    Math.max(1, (kernelSize / stride) ** 2) * inputChannels,
    options.random,
  );
  const bias = options.bias ? [constant(outputChannels, 0, true)] : [];
  return {
    apply(x) {
      const shape: [number, number, number, number] = [x.shape[0], ...outputSize, outputChannels];
      const y = tf.conv2dTranspose(x, filter as Tensor4D, shape, stride, 'same');
      return bias.length > 0 ? tf.add(y, bias[0]) : y;
    },
    trainable: [filter, ...bias],
    statistics: [],
  };
}
