import type { MissingKernel } from '../../support/register-kernels.js';
import { withSimd } from '../simd/simd.js';

interface NormalizeActivateAttributes {
  readonly epsilon: number;
  readonly slope: number;
}

/** Batch normalisation and leaky ReLU: one pass for the moments, one for the values. */
export const normalizeActivateKernel: MissingKernel = {
  kernelName: 'SaladNormalizeActivate',
  kernelFunc: withSimd<'x' | 'scale' | 'offset', NormalizeActivateAttributes>(
    (simd, { inputs: { x, scale, offset }, attrs: { epsilon, slope } }) => {
      const channels = scale.size;
      const y = simd.output(x.shape);
      const mean = simd.output([channels]);
      const variance = simd.output([channels]);
      const { normalizeActivate, normalizeScratch } = simd.functions;
      simd.withScratch((scratch) =>
        normalizeActivate(
          ...simd.addresses(x, y),
          ...[x.size / channels, channels],
          ...simd.addresses(scale, offset, mean, variance),
          ...[epsilon, slope, scratch.take(normalizeScratch(channels))],
        ),
      );
      return [y, mean, variance];
    },
    () => [],
  ),
};

/** Its gradient: one pass for the sums, one for the values. */
export const normalizeActivateGradKernel: MissingKernel = {
  kernelName: 'SaladNormalizeActivateGrad',
  kernelFunc: withSimd<
    'x' | 'y' | 'dy' | 'scale' | 'mean' | 'variance',
    NormalizeActivateAttributes
  >(
    (simd, { inputs: { x, y, dy, scale, mean, variance }, attrs: { epsilon, slope } }) => {
      const channels = scale.size;
      const dx = simd.output(x.shape);
      const dScale = simd.output([channels]);
      const dOffset = simd.output([channels]);
      const { normalizeActivateGrad, normalizeScratch } = simd.functions;
      simd.withScratch((scratch) =>
        normalizeActivateGrad(
          ...simd.addresses(x, y, dy, dx),
          ...[x.size / channels, channels],
          ...simd.addresses(scale, mean, variance, dScale, dOffset),
          ...[epsilon, slope, scratch.take(normalizeScratch(channels))],
        ),
      );
      return [dx, dScale, dOffset];
    },
    () => [],
  ),
};
