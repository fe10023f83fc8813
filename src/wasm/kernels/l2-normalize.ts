import type { MissingKernel } from '../../support/register-kernels.js';
import { after } from '../simd/address.js';
import { passTime, share } from '../simd/share.js';
import { withSimd } from '../simd/with-simd.js';

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
      const [from, to] = simd.addresses(rows, unit);
      share(simd, count, passTime(2 * rows.size), ({ functions }, range) => {
        const bytes = range.first * size * 4;
        functions.l2Normalize(after(from, bytes), after(to, bytes), range.count, size, smallest);
      });
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
      const places = simd.addresses(rows, dy, dx);
      share(simd, count, passTime(3 * rows.size), ({ functions }, range) => {
        const [x, gradient, to] = places.map((place) => after(place, range.first * size * 4));
        functions.l2NormalizeGrad(x, gradient, to, range.count, size, smallest);
      });
      return dx;
    },
    () => [],
  ),
};
