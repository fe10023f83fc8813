import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ConvolutionOptions,
  convolution,
  transposedConvolution,
} from '../../backbones/layers/convolution.js';
import { dense } from '../../backbones/layers/dense.js';
import { type Layer, sequence, variablesOf } from '../../backbones/layers/layer.js';
import { normalization } from '../../backbones/layers/normalization.js';
import { halvings } from '../../backbones/layers/upsample.js';
import type { ImageShape } from '../../images/pixels.js';
import { RandomStream } from '../../support/random.js';

/** What a stack of convolutions is made of. */
export interface ConvStack {
  readonly inputShape: ImageShape;
  readonly channels: readonly number[];
  readonly activationSlope: number;
  /** Of the weights. */
  readonly seed: number;
  /** Tells the draws of several stacks of one seed apart. */
  readonly part: string;
}

/** The linear map at the end of an encoder. */
export interface LinearMap {
  readonly outputSize: number;
  readonly bias: boolean;
}

/** Weight of the old running statistics in batch normalisation. */
const MOMENTUM = 0.9;

/** Images to vectors: a halving convolution with batch normalisation and leaky ReLU a level, then a linear map. */
export function convEncoder(stack: ConvStack & LinearMap): Layer<Tensor4D, Tensor2D> {
  return halvingEncoder(stack, (level) =>
    convolution({ ...level, normalization: normalized(stack, level.outputChannels) }),
  );
}

/** Images to vectors: a convolution a level, each halving height and width, then a linear map. */
export function halvingEncoder(
  stack: ConvStack & LinearMap,
  /** Makes a level around a convolution of these options. */
  levelOf: (options: ConvolutionOptions) => Layer,
): Layer<Tensor4D, Tensor2D> {
  const { inputShape, channels, outputSize, bias } = stack;
  const levels = sequence(
    channels.map((outputChannels, level) =>
      levelOf({
        inputChannels: level > 0 ? channels[level - 1] : inputShape[2],
        outputChannels,
        kernelSize: 3,
        stride: 2,
        random: random(stack, 'level', level),
      }),
    ),
  );
  const inputSize = tf.util.sizeFromShape([...lastMap(stack)]);
  const linear = dense({ inputSize, outputSize, bias, random: random(stack, 'linear') });
  return {
    apply(x, training) {
      const map = levels.apply(x, training);
      return linear.apply(tf.reshape(map, [-1, inputSize]), training);
    },
    ...variablesOf([levels, linear]),
  };
}

/** Vectors to images, the mirror of `convEncoder`: a linear map, then a doubling convolution a level. */
export function convDecoder(
  stack: ConvStack & { readonly inputSize: number },
): Layer<Tensor2D, Tensor4D> {
  const { inputShape, channels, inputSize } = stack;
  const shape = lastMap(stack);
  const sizes = halvings(inputShape, channels.length);
  const outputSize = tf.util.sizeFromShape([...shape]);
  const linear = dense({ inputSize, outputSize, bias: false, random: random(stack, 'linear') });
  const first = normalized(stack, shape[2]);
  const levels = channels.map((_, step) => {
    const level = channels.length - 1 - step;
    const outputChannels = level > 0 ? channels[level - 1] : inputShape[2];
    return transposedConvolution({
      inputChannels: channels[level],
      outputChannels,
      kernelSize: 4,
      stride: 2,
      outputSize: sizes[level],
      normalization: level > 0 ? normalized(stack, outputChannels) : undefined,
      random: random(stack, 'level', level),
    });
  });
  return {
    apply(x, training) {
      const map = tf.reshape(linear.apply(x, training), [-1, ...shape]) as Tensor4D;
      return levels.reduce((y, layer) => layer.apply(y, training), first.apply(map, training));
    },
    ...variablesOf([linear, first, ...levels]),
  };
}

/**
 * The filters and matrices of a layer alone: without biases, and without the scale and offset of batch
 * normalisation, which then stay 1 and 0.
 */
export function withoutBiases({ trainable }: Pick<Layer, 'trainable'>): Variable[] {
  return trainable.filter(({ rank }) => rank > 1);
}

function lastMap({ inputShape, channels }: ConvStack): ImageShape {
  const [height, width] = halvings(inputShape, channels.length)[channels.length];
  return [height, width, channels[channels.length - 1]];
}

function normalized({ activationSlope: slope }: ConvStack, channels: number) {
  return normalization({ channels, slope, momentum: MOMENTUM });
}

function random({ seed, part }: ConvStack, ...path: (string | number)[]): RandomStream {
  return new RandomStream(seed, [part, ...path]);
}
