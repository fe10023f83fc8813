import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../../support/kernels.js';
import { withGradient } from '../../support/tensors.js';
import { channelMeans, leaky, leakyGradient, scaleShift } from './channelwise.js';

/**
 * Kernels that a backend's entry may register for `normalizeAndActivate`.
 *
 * | name | inputs | outputs |
 * |---|---|---|
 * | `SaladNormalizeActivate` | x, scale, offset | y, mean, variance |
 * | `SaladNormalizeActivateGrad` | x, y, dy, scale, mean, variance | dx, dScale, dOffset |
 *
 * Attributes of both: `epsilon`, `slope`. x, y, dy and dx are [batch, height, width, channels], the
 * rest [channels]; the variance is the biased one.
 */
export const NORMALIZE_ACTIVATE = 'SaladNormalizeActivate';
export const NORMALIZE_ACTIVATE_GRAD = 'SaladNormalizeActivateGrad';

/** What `normalizeAndActivate` needs beside tensors. */
export interface NormalizeActivateAttributes {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Slope of the leaky ReLU left of zero, in [0, 1]; 1 leaves the activation out. */
  readonly slope: number;
}

/** The activated map; mean and biased variance of what came in. */
type Normalized = [y: Tensor4D, mean: Tensor1D, variance: Tensor1D];

/**
 * Batch normalisation and leaky ReLU as one operation with one gradient, which keeps two maps for
 * the way back where the composed form keeps seven.
 *
 *     z = scale * h + offset,  h = (x - mean) / sqrt(variance + epsilon),  y = z > 0 ? z : slope * z
 *
 * Its gradient, with g = dy * (z > 0 ? 1 : slope), and means and sums over the pixels of a channel:
 *
 *     dx = scale / sqrt(variance + epsilon) * (g - mean(g) - h * mean(g h))
 *     dScale = sum(g h),  dOffset = sum(g)
 *
 * @param x [batch, height, width, channels].
 * @param scale [channels].
 * @param offset [channels].
 * @param onMoments is given the batch's mean and biased variance, [channels]; they are disposed when it returns.
 * @returns [batch, height, width, channels].
 *
 * Source: Ioffe & Szegedy, "Batch Normalization" (2015), Algorithm 1 and section 3.
 */
export function normalizeAndActivate(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  attributes: NormalizeActivateAttributes,
  onMoments: (mean: Tensor1D, variance: Tensor1D) => void = () => {},
): Tensor4D {
  return withGradient(
    [x, scale, offset],
    () => {
      const [y, mean, variance] = forward(x, scale, offset, attributes);
      onMoments(mean, variance);
      return { value: y, saved: [x, y, scale, mean, variance] as Saved };
    },
    (dy, saved) => backward(dy, saved, attributes),
  );
}

function forward(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  { epsilon, slope }: NormalizeActivateAttributes,
): Normalized {
  const faster = fasterKernel(NORMALIZE_ACTIVATE, { x, scale, offset }, { epsilon, slope });
  if (faster) return faster as Normalized;
  const mean = channelMeans(x);
  const centred = scaleShift(x, tf.onesLike(mean), tf.neg(mean));
  const variance = channelMeans(tf.square(centred));
  const factor = tf.mul<Tensor1D>(scale, tf.rsqrt(tf.add(variance, epsilon)));
  return [leaky(scaleShift(centred, factor, offset), slope), mean, variance];
}

type Saved = [x: Tensor4D, y: Tensor4D, scale: Tensor1D, mean: Tensor1D, variance: Tensor1D];

function backward(
  dy: Tensor4D,
  [x, y, scale, mean, variance]: Saved,
  { epsilon, slope }: NormalizeActivateAttributes,
): Tensor[] {
  const inputs = { x, y, dy, scale, mean, variance };
  const faster = fasterKernel(NORMALIZE_ACTIVATE_GRAD, inputs, { epsilon, slope });
  if (faster) return faster;
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const factor = tf.mul<Tensor1D>(scale, inverse);
  const g = leakyGradient(dy, y, slope);
  const centred = scaleShift(x, tf.onesLike(mean), tf.neg(mean));
  const meanG = channelMeans(g);
  const meanGH = tf.mul(channelMeans(tf.mul(g, centred)), inverse);
  const dx = tf.sub(
    scaleShift(g, factor, tf.neg(tf.mul<Tensor1D>(factor, meanG))),
    scaleShift(centred, tf.mul(factor, tf.mul<Tensor1D>(inverse, meanGH)), tf.zerosLike(mean)),
  );
  const count = x.size / mean.size;
  return [dx, tf.mul(meanGH, count), tf.mul(meanG, count)];
}

/**
 * The form in inference, where mean and variance are constants: leaky(x * factor + shift).
 *
 * @param x [batch, height, width, channels].
 * @param factor scale / sqrt(variance + epsilon), [channels].
 * @param shift offset - mean * factor, [channels].
 * @param slope of the leaky ReLU left of zero, in [0, 1]; 1 leaves the activation out.
 * @returns [batch, height, width, channels].
 */
export function scaleShiftAndActivate(
  x: Tensor4D,
  factor: Tensor1D,
  shift: Tensor1D,
  slope: number,
): Tensor4D {
  return withGradient(
    [x, factor, shift],
    () => {
      const y = leaky(scaleShift(x, factor, shift), slope);
      return { value: y, saved: [x, y, factor] as [Tensor4D, Tensor4D, Tensor1D] };
    },
    (dy, [x, y, factor]) => {
      const g = leakyGradient(dy, y, slope);
      const count = x.size / factor.size;
      return [
        scaleShift(g, factor, tf.zerosLike(factor)),
        tf.mul(channelMeans(tf.mul(g, x)), count),
        tf.mul(channelMeans(g), count),
      ];
    },
  );
}
