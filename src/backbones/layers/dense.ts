import type { Rank, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../support/random.js';
import { constant, type Layer, smallNormal } from './layer.js';

/** A linear map of vectors, [batch, inputSize] to [batch, outputSize]. */
export function dense(options: {
  readonly inputSize: number;
  readonly outputSize: number;
  /** Whether a bias is added; an output that is normalised afterwards needs none. */
  readonly bias: boolean;
  readonly random: RandomStream;
}): Layer<Tensor2D> {
  const { inputSize, outputSize } = options;
  const weights = smallNormal<Rank.R2>([inputSize, outputSize], inputSize, options.random);
  const bias = options.bias ? constant(outputSize, 0, true) : undefined;
  return {
    apply(x) {
      const y = tf.matMul<Tensor2D>(x, weights);
      return bias ? tf.add(y, bias) : y;
    },
    trainable: bias ? [weights, bias] : [weights],
    statistics: [],
  };
}
