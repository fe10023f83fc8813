import type { MissingKernel } from '../../support/register-kernels.js';
import {
  type NormalizeAttributes,
  normalizeActivate,
  normalizeActivateGrad,
} from '../simd/normalize-activate.js';
import { withSimd } from '../simd/with-simd.js';

/** Batch normalisation and leaky ReLU; without SIMD they are composed of portable operations. */
export const normalizeActivateKernel: MissingKernel = {
  kernelName: 'SaladNormalizeActivate',
  kernelFunc: withSimd<'x' | 'scale' | 'offset', NormalizeAttributes>(
    (simd, { inputs: { x, scale, offset }, attrs }) =>
      normalizeActivate(simd, x, scale, offset, attrs),
    () => [],
  ),
};

/** Their gradient. */
export const normalizeActivateGradKernel: MissingKernel = {
  kernelName: 'SaladNormalizeActivateGrad',
  kernelFunc: withSimd<'x' | 'y' | 'dy' | 'scale' | 'mean' | 'variance', NormalizeAttributes>(
    (simd, { inputs: { x, y, dy, scale, mean, variance }, attrs }) =>
      normalizeActivateGrad(simd, [x, y, dy], [scale, mean, variance], attrs),
    () => [],
  ),
};
