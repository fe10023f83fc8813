import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../support/random.js';
import { convolution } from './convolution.js';
import { type Layer, sequence, variablesOf } from './layer.js';
import { normalization } from './normalization.js';

/**
 * Two 3x3 convolutions beside a shortcut, ReLU after their sum.
 *
 * The shortcut is the input itself, or a 1x1 convolution where the shape changes.
 * Source: He et al., "Deep Residual Learning" (2016), the basic block of ResNet-18.
 */
export function residualBlock(options: {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly stride: number;
  /** Weight of the old running statistics in batch normalisation, in [0, 1]. */
  readonly momentum: number;
  /** The stream of one named convolution. */
  readonly random: (name: string) => RandomStream;
}): Layer {
  const { inputChannels, outputChannels, stride, momentum, random } = options;
  const normalized = (slope: number) =>
    normalization({ channels: outputChannels, slope, momentum });
  const residual = sequence([
    convolution({
      inputChannels,
      outputChannels,
      kernelSize: 3,
      stride,
      normalization: normalized(0),
      random: random('first'),
    }),
    convolution({
      inputChannels: outputChannels,
      outputChannels,
      kernelSize: 3,
      stride: 1,
      normalization: normalized(1),
      random: random('second'),
    }),
  ]);
  const shortcut =
    stride === 1 && inputChannels === outputChannels
      ? sequence([])
      : convolution({
          inputChannels,
          outputChannels,
          kernelSize: 1,
          stride,
          normalization: normalized(1),
          random: random('shortcut'),
        });
  return {
    apply: (x, training) =>
      tf.relu(tf.add<Tensor4D>(residual.apply(x, training), shortcut.apply(x, training))),
    ...variablesOf([residual, shortcut]),
  };
}
