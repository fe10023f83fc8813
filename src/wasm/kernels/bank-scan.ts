import type { MissingKernel } from '../../support/register-kernels.js';
import { bankScan, type ScanAttributes } from '../simd/bank-scan.js';
import { withSimd } from '../simd/with-simd.js';

/** The core's scan of the bank; without SIMD the core composes it. */
export const bankScanKernel: MissingKernel = {
  kernelName: 'SaladBankScan',
  kernelFunc: withSimd<'queries' | 'rows', ScanAttributes>(
    (simd, { inputs: { queries, rows }, attrs }) => bankScan(simd, queries, rows, attrs),
    () => [],
  ),
};
