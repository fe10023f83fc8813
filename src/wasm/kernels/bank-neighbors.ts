import type { MissingKernel } from '../../support/register-kernels.js';
import { bankNeighbors, type NeighborsAttributes } from '../simd/bank-neighbors.js';
import { withSimd } from '../simd/with-simd.js';

/** The core's search of neighbourhoods; without SIMD the core composes it. */
export const bankNeighborsKernel: MissingKernel = {
  kernelName: 'SaladBankNeighbors',
  kernelFunc: withSimd<'queries' | 'rows', NeighborsAttributes>(
    (simd, { inputs: { queries, rows }, attrs }) => bankNeighbors(simd, queries, rows, attrs),
    () => [],
  ),
};
