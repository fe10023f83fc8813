import type { Rank, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../../support/kernels.js';
import type { RandomStream } from '../../support/random.js';
import { constant, type Layer, smallNormal } from './layer.js';
import type { Normalization } from './normalization.js';
import type { MapSize } from './upsample.js';

/**
 * A kernel that a backend's entry may register for a convolution with `same` padding and what normalises it in inference.
 *
 * Inputs x, filter, scale, offset, mean and variance, attributes `stride`, `epsilon` and `slope`; one output, as of
 * `normalizeAndActivate` with a constant mean and variance. It is handed the weights as they are, so that it can tell when they are others.
 */
export const CONVOLVE_NORMALIZED = 'SaladConvolveNormalized';

/** What every convolution needs to know. */
export interface ConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Side of the square filter, in pixels. */
  readonly kernelSize: number;
  readonly stride: number;
  /** What follows; a convolution that nothing normalises has a bias instead. */
  readonly normalization?: Normalization;
  readonly random: RandomStream;
}

/** A convolution with `same` padding: [b, h, w, in] to [b, ceil(h / stride), ceil(w / stride), out]. */
export function convolution(options: ConvolutionOptions): Layer {
  const { inputChannels, outputChannels, kernelSize, stride, normalization } = options;
  const fanIn = kernelSize * kernelSize * inputChannels;
  const filter = smallNormal<Rank.R4>(
    [kernelSize, kernelSize, inputChannels, outputChannels],
    fanIn,
    options.random,
  );
  const next = normalization ?? bias(outputChannels);
  return {
    apply(x, training) {
      if (!training && normalization) return foldedConvolution(x, filter, stride, normalization);
      return next.apply(tf.conv2d(x, filter, stride, 'same'), training);
    },
    trainable: [filter, ...next.trainable],
    statistics: next.statistics,
  };
}

/** In inference the normalisation is a factor on the filter and a bias: one fused operation for all three. */
function foldedConvolution(
  x: Tensor4D,
  filter: Variable<Rank.R4>,
  strides: number,
  normalization: Normalization,
): Tensor4D {
  // While a gradient is recorded, only operations whose gradient tfjs knows will do.
  if (tf.engine().state.gradientDepth === 0) {
    const { slope, weights, epsilon } = normalization;
    const attributes = { stride: strides, slope, epsilon: epsilon() };
    const faster = fasterKernel(CONVOLVE_NORMALIZED, { x, filter, ...weights }, attributes);
    if (faster) return faster[0] as Tensor4D;
  }
  const { factor, shift } = normalization.folded();
  const folded = {
    x,
    filter: tf.mul<Tensor4D>(filter, factor),
    strides,
    pad: 'same',
    bias: shift,
  } as const;
  if (normalization.slope === 1) return tf.fused.conv2d(folded);
  const slopes = tf.fill([factor.size], normalization.slope);
  return tf.fused.conv2d({ ...folded, activation: 'prelu', preluActivationWeights: slopes });
}

/**
 * The transpose of a `same` convolution that takes maps of `outputSize` to maps of the input's size.
 *
 * An odd size halves upwards (7 to 4), so the output's size has to be given.
 */
export function transposedConvolution(
  options: ConvolutionOptions & { readonly outputSize: MapSize },
): Layer {
  const { inputChannels, outputChannels, kernelSize, stride, outputSize } = options;
  // One filter tap in stride^2 reaches an output pixel.
  const fanIn = Math.max(1, (kernelSize / stride) ** 2) * inputChannels;
  const filter = smallNormal<Rank.R4>(
    [kernelSize, kernelSize, outputChannels, inputChannels],
    fanIn,
    options.random,
  );
  const next = options.normalization ?? bias(outputChannels);
  return {
    apply(x, training) {
      const shape: [number, number, number, number] = [x.shape[0], ...outputSize, outputChannels];
      return next.apply(tf.conv2dTranspose(x, filter, shape, stride, 'same'), training);
    },
    trainable: [filter, ...next.trainable],
    statistics: next.statistics,
  };
}

function bias(channels: number): Layer {
  const value = constant(channels, 0, true);
  return { apply: (x) => tf.add(x, value), trainable: [value], statistics: [] };
}
