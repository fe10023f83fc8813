import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { NOWHERE } from './address.js';
import type { Simd } from './simd.js';

/** What a fused product or convolution is followed by. */
export interface Activation {
  readonly bias?: Tensor;
  readonly activation?: string;
  readonly preluActivationWeights?: Tensor;
  readonly leakyreluAlpha?: number;
}

/** Whether `finish` can compute it: a bias per channel, and ReLU, leaky, cut at 6 or not. */
export function canFinish(channels: number, options: Activation): boolean {
  const { bias, activation = 'linear', preluActivationWeights: slopes } = options;
  const perChannel = ({ size, shape }: Tensor) =>
    size === channels && (shape.at(-1) ?? 1) === channels;
  if (bias && !perChannel(bias)) return false;
  if (activation === 'prelu') return slopes !== undefined && perChannel(slopes);
  return ['linear', 'relu', 'relu6', 'leakyrelu'].includes(activation);
}

/** Adds the bias and activates, in place. */
export function finish(simd: Simd, y: TensorInfo, options: Activation): void {
  const { bias, activation = 'linear', preluActivationWeights, leakyreluAlpha } = options;
  if (!bias && activation === 'linear') return;
  const channels = y.shape[y.shape.length - 1];
  const rows = y.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  simd.withScratch((scratch) => {
    const slope = activation === 'leakyrelu' ? (leakyreluAlpha ?? 0.2) : 0;
    const slopes =
      activation === 'linear'
        ? NOWHERE
        : activation === 'prelu'
          ? simd.address(preluActivationWeights as Tensor)
          : scratch.floats(new Array<number>(channels).fill(slope));
    simd.functions.biasAndSlope(
      simd.address(y),
      rows,
      channels,
      bias ? simd.address(bias) : NOWHERE,
      slopes,
    );
    if (activation === 'relu6') simd.functions.clip(...simd.addresses(y, y), rows * channels, 0, 6);
  });
}
