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

/** The bias and the limits of an activation that clips; undefined for leaky ones. */
export function clipOf(simd: Simd, { bias, activation = 'linear' }: Activation) {
  if (!(activation in LIMITS)) return undefined;
  return { ...LIMITS[activation], bias: bias ? simd.address(bias) : NOWHERE };
}

/** What a product can be finished by as it is written, of so many channels. */
export function finishOf(simd: Simd, scratch: Scratch, channels: number, then: Activation): Finish {
  const clip = clipOf(simd, then);
  if (clip) return { ...AS_IT_IS, ...clip };
  const bias = then.bias ? simd.address(then.bias) : NOWHERE;
  return { ...AS_IT_IS, bias, slopes: slopesOf(simd, scratch, channels, then) };
}

/** A slope for each channel; no address for the linear activation. */
function slopesOf(
  simd: Simd,
  scratch: Scratch,
  channels: number,
  { activation = 'linear', preluActivationWeights, leakyreluAlpha = 0.2 }: Activation,
): Address {
  if (activation === 'linear') return NOWHERE;
  if (activation === 'prelu') return simd.address(preluActivationWeights as Tensor);
  const slope = activation === 'leakyrelu' ? leakyreluAlpha : 0;
  return scratch.floats(new Float32Array(channels).fill(slope));
}

/** Adds the bias and activates, in place. */
export function finish(simd: Simd, y: TensorInfo, options: Activation): void {
  const channels = y.shape[y.shape.length - 1];
  const rows = y.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const address = simd.address(y);
  simd.withScratch((scratch) => {
    const finishRows = finisher(simd, scratch, channels, options);
    if (!finishRows) return;
    share(simd, rows, passTime(rows * channels), (part, { first, count }) =>
      finishRows(part, after(address, first * channels * 4), count),
    );
  });
}

/** Does to rows of channels, in place, what they are followed by; undefined where that is nothing. */
export function finisher(
  simd: Simd,
  scratch: Scratch,
  channels: number,
  options: Activation,
): ((part: Simd, y: Address, rows: number) => void) | undefined {
  const { bias, activation = 'linear' } = options;
  if (!bias && activation === 'linear') return undefined;
  const biases = bias ? simd.address(bias) : NOWHERE;
  if (activation === 'relu6')
    return ({ functions }, y, rows) => functions.biasAndClip(y, rows, channels, biases, 0, 6);
  const slopes = slopesOf(simd, scratch, channels, options);
  return ({ functions }, y, rows) => functions.biasAndSlope(y, rows, channels, biases, slopes);
}
