import type { MissingKernel } from '../../support/register-kernels.js';
import { nearestRows } from '../simd/nearest-rows.js';
import { withSimd } from '../simd/with-simd.js';

/** The search of the nearest rows; without SIMD it is composed of portable operations. */
export const nearestRowsKernel: MissingKernel = {
  kernelName: 'SaladNearestRows',
  kernelFunc: withSimd<'queries' | 'rows', { readonly k: number }>(
    (simd, { inputs: { queries, rows }, attrs }) => nearestRows(simd, queries, rows, attrs.k),
    () => [],
  ),
};
