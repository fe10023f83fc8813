import * as tf from '@tensorflow/tfjs-core';
import { leaky, type NativeKernel } from './kernel.js';

interface NormalizeActivateAttributes {
  readonly epsilon: number;
  readonly slope: number;
}

/** Batch normalisation by the batch's own moments and leaky ReLU, as FusedBatchNormV3 and LeakyRelu. */
export const normalizeActivateKernel: NativeKernel<
  'x' | 'scale' | 'offset',
  NormalizeActivateAttributes
> = {
  kernelName: 'SaladNormalizeActivate',
  compute(execute, { x, scale, offset }, { epsilon, slope }) {
    const none = tf.tensor1d([], 'float32');
    const floats = { epsilon, exponential_avg_factor: 1 };
    const inputs = [x, scale, offset, none, none];
    // The variance put out has n - 1 in it; the one reserved for the gradient is the biased one.
    const [z, mean, unbiased, sameMean, variance, reserve] = execute(
      'FusedBatchNormV3',
      inputs,
      normalization(floats),
      6,
    );
    tf.dispose([none, unbiased, sameMean, reserve]);
    if (slope === 1) return [z, mean, variance];
    const y = leaky(execute, z, slope);
    z.dispose();
    return [y, mean, variance];
  },
};

/** Its gradient, as LeakyReluGrad and FusedBatchNormGradV3. */
export const normalizeActivateGradKernel: NativeKernel<
  'x' | 'y' | 'dy' | 'scale' | 'mean' | 'variance',
  NormalizeActivateAttributes
> = {
  kernelName: 'SaladNormalizeActivateGrad',
  compute(execute, { x, y, dy, scale, mean, variance }, { epsilon, slope }) {
    const none = tf.tensor1d([], 'float32');
    // y has the sign of what went into the activation.
    const g =
      slope === 1 ? undefined : execute('LeakyReluGrad', [dy, y], { floats: { alpha: slope } })[0];
    const [dx, dScale, dOffset, ...reserves] = execute(
      'FusedBatchNormGradV3',
      [g ?? dy, x, scale, mean, variance, none],
      normalization({ epsilon }),
      5,
    );
    tf.dispose([none, ...reserves, ...(g ? [g] : [])]);
    return [dx, dScale, dOffset];
  },
};

function normalization(floats: Record<string, number>) {
  return {
    types: ['T', 'U'],
    floats,
    strings: { data_format: 'NHWC' },
    bools: { is_training: true },
  };
}
