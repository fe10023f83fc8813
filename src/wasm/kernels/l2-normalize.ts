import type { MissingKernel } from '../../support/register-kernels.js';
import { withSimd } from '../simd/simd.js';

interface L2NormalizeAttributes {
  /** Squared length below which a row is scaled as if it had this one. */
  readonly smallest: number;
}

/** Rows [count, size] scaled to unit length. */
export const l2NormalizeKernel: MissingKernel = {
  kernelName: 'SaladL2Normalize',
  kernelFunc: withSimd<'rows', L2NormalizeAttributes>(
    (simd, { inputs: { rows }, attrs: { smallest } }) => {
      const unit = simd.output(rows.shape);
      const [count, size] = rows.shape;
      simd.functions.l2Normalize(...simd.addresses(rows, unit), count, size, smallest);
      return unit;
    },
    () => [],
  ),
};

/** Its gradient, of the rows as they came in. */
export const l2NormalizeGradKernel: MissingKernel = {
  kernelName: 'SaladL2NormalizeGrad',
  kernelFunc: withSimd<'rows' | 'dy', L2NormalizeAttributes>(
    (simd, { inputs: { rows, dy }, attrs: { smallest } }) => {
      const dx = simd.output(rows.shape);
      const [count, size] = rows.shape;
      simd.functions.l2NormalizeGrad(...simd.addresses(rows, dy, dx), count, size, smallest);
      return dx;
    },
    () => [],
  ),
};
