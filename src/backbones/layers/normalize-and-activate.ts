import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { constant, type Layer } from './layer.js';

/**
 * Kernel names under which a backend's package may register faster forms; see `normalizeActivate`.
 *
 * `SaladNormalizeActivate`: x, scale, offset -> y, mean, variance.
 * `SaladNormalizeActivateGrad`: x, y, dy, scale, mean, variance -> dx, dScale, dOffset.
 * Both take the attributes `epsilon` and `slope`. x, y, dy and dx are [rows, channels], the rest [channels];
 * the variance is the biased one.
 */
export const NORMALIZE_ACTIVATE = 'SaladNormalizeActivate';
export const NORMALIZE_ACTIVATE_GRAD = 'SaladNormalizeActivateGrad';

const EPSILON = 1e-5;

/**
 * Batch normalisation and leaky ReLU as one layer.
 *
 *     y = leaky(scale * (x - mean) / sqrt(variance + e) + offset),   leaky(z) = z > 0 ? z : slope * z
 *
 * In training, mean and (biased) variance are the batch's, and the running ones become
 * momentum * running + (1 - momentum) * batch, the variance unbiased there. In inference the running
 * ones are used. e = 1e-5, or the backend's own epsilon where that is larger (float16).
 *
 * Source: Ioffe & Szegedy, "Batch Normalization" (2015), Algorithm 1.
 */
export function normalizeAndActivate(options: {
  readonly channels: number;
  /** Slope left of zero; 1 leaves the activation out, 0 is ReLU. */
  readonly slope: number;
  /** Weight of the old running statistics, in [0, 1). */
  readonly momentum: number;
}): Layer {
  const { channels, slope, momentum } = options;
  const scale = constant(channels, 1, true);
  const offset = constant(channels, 0, true);
  const mean = constant(channels, 0, false);
  const variance = constant(channels, 1, false);

  function record(batchMean: Tensor, batchVariance: Tensor, count: number): void {
    const unbiased = tf.mul(batchVariance, count > 1 ? count / (count - 1) : 1);
    mean.assign(tf.add(tf.mul(mean, momentum), tf.mul(batchMean, 1 - momentum)));
    variance.assign(tf.add(tf.mul(variance, momentum), tf.mul(unbiased, 1 - momentum)));
  }

  return {
    apply(x, training) {
      const rows = tf.reshape(x, [-1, channels]) as Tensor2D;
      const y = training
        ? normalizeActivate(rows, scale as Tensor1D, offset as Tensor1D, slope, record)
        : tf.tidy(() => {
            const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon())));
            return leaky(tf.add(tf.mul(rows, factor), tf.sub(offset, tf.mul(mean, factor))), slope);
          });
      return tf.reshape(y, x.shape) as Tensor4D;
    },
    trainable: [scale, offset],
    statistics: [mean, variance] as Variable[],
  };
}

/** The training form on [rows, channels]: one operation with one gradient, so that the tape holds x and y alone. */
function normalizeActivate(
  x: Tensor2D,
  scale: Tensor1D,
  offset: Tensor1D,
  slope: number,
  onMoments: (mean: Tensor, variance: Tensor, count: number) => void,
): Tensor2D {
  const attributes = { epsilon: epsilon(), slope };
  const operation = tf.customGrad((...args) => {
    const [x, scale, offset] = args as unknown as [Tensor2D, Tensor1D, Tensor1D];
    const save = args[3] as unknown as (tensors: Tensor[]) => void;
    const [y, mean, variance] =
      fasterKernel(NORMALIZE_ACTIVATE, { x, scale, offset }, attributes) ??
      forward(x, scale, offset, attributes.epsilon, slope);
    onMoments(mean, variance, x.shape[0]);
    save([x, y, scale, mean, variance]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x, y, scale, mean, variance] = saved;
        return (
          fasterKernel(NORMALIZE_ACTIVATE_GRAD, { x, y, dy, scale, mean, variance }, attributes) ??
          backward(x, y, dy, scale, mean, variance, attributes.epsilon, slope)
        );
      },
    };
  });
  return operation(x, scale, offset) as Tensor2D;
}

function forward(x: Tensor, scale: Tensor, offset: Tensor, epsilon: number, slope: number) {
  const mean = meanOfRows(x);
  const centred = tf.sub(x, mean);
  const variance = meanOfRows(tf.mul(centred, centred));
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  return [leaky(tf.add(tf.mul(centred, factor), offset), slope), mean, variance];
}

/**
 * With n rows, h = (x - mean) / s, s = sqrt(variance + e) and g = dy * leaky'(z):
 * dOffset = sum g, dScale = sum g h, dx = scale / s * (g - mean(g) - h mean(g h)).
 */
function backward(
  x: Tensor,
  y: Tensor,
  dy: Tensor,
  scale: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
  slope: number,
): Tensor[] {
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const factor = tf.mul(scale, inverse);
  const g = slope === 1 ? dy : tf.mul(dy, leakyDerivative(y, slope));
  const centred = tf.sub(x, mean);
  const meanG = meanOfRows(g);
  const meanGH = tf.mul(meanOfRows(tf.mul(g, centred)), inverse);
  // scale/s * g - (scale/s^2 * mean(gh)) * centred - scale/s * mean(g)
  const dx = tf.sub(
    tf.sub(tf.mul(g, factor), tf.mul(centred, tf.mul(tf.mul(factor, inverse), meanGH))),
    tf.mul(factor, meanG),
  );
  const count = x.shape[0];
  return [dx, tf.mul(meanGH, count), tf.mul(meanG, count)];
}

/** [rows, channels] to [channels]. */
function meanOfRows(x: Tensor): Tensor {
  return tf.mean(x, 0);
}

function leaky<T extends Tensor>(z: T, slope: number): T {
  if (slope === 1) return z;
  return tf.prelu(z, tf.fill([z.shape[z.rank - 1]], slope)) as T;
}

/** 1 where y > 0, else `slope`; y has the sign of z. Clipping a steep line is the fast form on wasm. */
function leakyDerivative(y: Tensor, slope: number): Tensor {
  return tf.clipByValue(tf.mul(y, tf.backend().floatPrecision() === 16 ? 1e4 : 1e30), slope, 1);
}

function epsilon(): number {
  return Math.max(EPSILON, tf.backend().epsilon());
}

function fasterKernel(
  name: string,
  inputs: Record<string, Tensor>,
  attributes: { epsilon: number; slope: number },
): Tensor[] | undefined {
  if (!tf.getKernel(name, tf.getBackend())) return undefined;
  return tf.engine().runKernel(name, inputs, attributes) as unknown as Tensor[];
}
