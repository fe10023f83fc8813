import type { Rank, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { epsilon } from '../../support/precision.js';
import { constant, type Layer } from './layer.js';
import { normalizeAndActivate, scaleShiftAndActivate } from './normalize-and-activate.js';

/** Options of `normalization`. */
export interface NormalizationOptions {
  readonly channels: number;
  /** Slope of the leaky ReLU left of zero, in [0, 1]: 0 is ReLU, 1 leaves the activation out. */
  readonly slope: number;
  /** Weight of the old running statistics, in [0, 1]. */
  readonly momentum: number;
}

/** Batch normalisation and leaky ReLU with their weights. */
export interface Normalization extends Layer {
  readonly slope: number;
  /** Each [channels]. */
  readonly weights: Readonly<Record<'scale' | 'offset' | 'mean' | 'variance', Variable<Rank.R1>>>;
  /** Added to the variance. */
  epsilon(): number;
  /** In inference the layer is leaky(x * factor + shift), each [channels]. */
  folded(): { readonly factor: Tensor1D; readonly shift: Tensor1D };
}

/**
 * Batch normalisation and leaky ReLU: by the batch's own mean and variance in training, by the
 * running ones in inference.
 *
 * A training call moves them: running = momentum * running + (1 - momentum) * batch, the variance
 * unbiased (n / (n - 1)) there, as PyTorch and TensorFlow keep it. 1e-5 is added to a variance, or the
 * backend's own epsilon where that is larger (float16).
 */
export function normalization({ channels, slope, momentum }: NormalizationOptions): Normalization {
  const scale = constant(channels, 1, true);
  const offset = constant(channels, 0, true);
  const mean = constant(channels, 0, false);
  const variance = constant(channels, 1, false);

  const smallestVariance = () => Math.max(1e-5, epsilon());

  function folded() {
    const factor = tf.mul<Tensor1D>(scale, tf.rsqrt(tf.add(variance, smallestVariance())));
    return { factor, shift: tf.sub<Tensor1D>(offset, tf.mul(mean, factor)) };
  }

  function record(batchMean: Tensor1D, batchVariance: Tensor1D, count: number): void {
    const unbiased = tf.mul(batchVariance, count > 1 ? count / (count - 1) : 1);
    blend(mean, batchMean, momentum);
    blend(variance, unbiased, momentum);
  }

  return {
    slope,
    weights: { scale, offset, mean, variance },
    epsilon: smallestVariance,
    folded,
    apply(x, training) {
      if (!training) {
        const { factor, shift } = folded();
        return scaleShiftAndActivate(x, factor, shift, slope);
      }
      const attributes = { epsilon: smallestVariance(), slope };
      return normalizeAndActivate(x, scale, offset, attributes, (batchMean, batchVariance) =>
        record(batchMean, batchVariance, x.size / channels),
      );
    },
    trainable: [scale, offset],
    statistics: [mean, variance],
  };
}

function blend(running: Variable, batch: tf.Tensor, momentum: number): void {
  running.assign(tf.add(tf.mul(running, momentum), tf.mul(batch, 1 - momentum)));
}
