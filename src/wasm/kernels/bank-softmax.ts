import type { MissingKernel } from '../../support/register-kernels.js';
import { bankSoftmax } from '../simd/bank-softmax.js';
import { withSimd } from '../simd/with-simd.js';

/** The core's softmax over the bank; without SIMD the core composes it. */
export const bankSoftmaxKernel: MissingKernel = {
  kernelName: 'SaladBankSoftmax',
  kernelFunc: withSimd<'queries' | 'rows', { readonly temperature: number }>(
    (simd, { inputs: { queries, rows }, attrs }) =>
      bankSoftmax(simd, queries, rows, attrs.temperature),
    () => [],
  ),
};
