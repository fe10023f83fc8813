import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after, NOWHERE } from './address.js';
import { AS_IT_IS, type Finish } from './correlation.js';
import { passTime, share } from './share.js';
import type { Scratch, Simd } from './simd.js';

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

/** What the clipping activations hold values between. */
const LIMITS: Record<string, Pick<Finish, 'least' | 'most'>> = {
  linear: AS_IT_IS,
  relu: { ...AS_IT_IS, least: 0 },
  relu6: { least: 0, most: 6 },
};

/** The bias and the limits that a kernel can apply to each sum before it is written; undefined for leaky activations. */
export function finishOf(
  simd: Simd,
  { bias, activation = 'linear' }: Activation,
): Finish | undefined {
  if (!(activation in LIMITS)) return undefined;
  return { ...LIMITS[activation], bias: bias ? simd.address(bias) : NOWHERE };
}

/** Adds the bias and activates, in place. */
export function finish(simd: Simd, y: TensorInfo, options: Activation): void {
  const channels = y.shape[y.shape.length - 1];
  const rows = y.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const address = simd.address(y);
  share(simd, rows, passTime(rows * channels), (part, { first, count }) =>
    part.withScratch((own) =>
      finisher(part, own, channels, options)?.(after(address, first * channels * 4), count),
    ),
  );
}

/** Does to rows of channels, in place, what a convolution or product is followed by; undefined where that is nothing. */
export function finisher(
  simd: Simd,
  scratch: Scratch,
  channels: number,
  options: Activation,
): ((y: Address, rows: number) => void) | undefined {
  const { bias, activation = 'linear', preluActivationWeights, leakyreluAlpha } = options;
  if (!bias && activation === 'linear') return undefined;
  const { biasAndClip, biasAndSlope } = simd.functions;
  const biases = bias ? simd.address(bias) : NOWHERE;
  if (activation === 'relu6') return (y, rows) => biasAndClip(y, rows, channels, biases, 0, 6);
  const slope = activation === 'leakyrelu' ? (leakyreluAlpha ?? 0.2) : 0;
  const slopes =
    activation === 'linear'
      ? NOWHERE
      : activation === 'prelu'
        ? simd.address(preluActivationWeights as Tensor)
        : scratch.floats(new Array<number>(channels).fill(slope));
  return (y, rows) => biasAndSlope(y, rows, channels, biases, slopes);
}
