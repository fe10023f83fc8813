import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defaultChannels } from '../backbones/conv-autoencoder.js';
import { convolution, transposedConvolution } from '../backbones/layers/convolution.js';
import { dense } from '../backbones/layers/dense.js';
import { type Layer, variablesOf } from '../backbones/layers/layer.js';
import { normalization } from '../backbones/layers/normalization.js';
import { halvings } from '../backbones/layers/upsample.js';
import type { ImageShape } from '../images/pixels.js';
import { checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import type { TrainingOptions } from './settings.js';

/** Options of a detector with a convolutional network; that of `convAutoencoder` unless told. */
export interface ConvNetworkOptions extends TrainingOptions {
  /** Channels after each level; a level halves height and width. `convAutoencoder`'s unless told. */
  readonly channels?: readonly number[];
  /** Numbers in an embedding. */
  readonly embeddingSize?: number;
  /** Slope of the leaky ReLU left of zero, in [0, 1]; 0.1. */
  readonly activationSlope?: number;
}

/** Defaults of the shared options but the embedding's size. */
export function networkDefaults({ inputShape, channels }: ConvNetworkOptions) {
  return { channels: channels ?? defaultChannels(inputShape), activationSlope: 0.1 };
}

/** @throws INVALID_OPTION */
export function checkNetwork(
  where: string,
  settings: Required<Pick<ConvNetworkOptions, 'channels' | 'embeddingSize' | 'activationSlope'>>,
): void {
  const count = { min: 1, integer: true };
  checkNumber(where, 'the number of channels', settings.channels.length, count);
  for (const size of settings.channels) checkNumber(where, 'channels', size, count);
  checkNumber(where, 'embeddingSize', settings.embeddingSize, count);
  checkNumber(where, 'activationSlope', settings.activationSlope, { min: 0, max: 1 });
}

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

/** Weight of the old running statistics in batch normalisation. */
const MOMENTUM = 0.9;

/** Images to vectors: a halving convolution with batch normalisation and leaky ReLU a level, then a linear map. */
export function convEncoder(
  stack: ConvStack & { readonly outputSize: number; readonly bias: boolean },
): Layer<Tensor4D, Tensor2D> {
  const { inputShape, channels, outputSize, bias } = stack;
  const levels = channels.map((outputChannels, level) =>
    convolution({
      inputChannels: level > 0 ? channels[level - 1] : inputShape[2],
      outputChannels,
      kernelSize: 3,
      stride: 2,
      normalization: normalized(stack, outputChannels),
      random: random(stack, 'level', level),
    }),
  );
  const inputSize = tf.util.sizeFromShape([...lastMap(stack)]);
  const linear = dense({ inputSize, outputSize, bias, random: random(stack, 'linear') });
  return {
    apply(x, training) {
      const map = levels.reduce((y, layer) => layer.apply(y, training), x);
      return linear.apply(tf.reshape(map, [-1, inputSize]), training);
    },
    ...variablesOf([...levels, linear]),
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
