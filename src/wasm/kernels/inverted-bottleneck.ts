import type { MissingKernel } from '../../support/register-kernels.js';
import { invertedBottleneck } from '../simd/inverted-bottleneck.js';
import { withSimd } from '../simd/with-simd.js';

type Inputs =
  | ('x' | 'spatialFilter' | 'spatialBias' | 'projectFilter' | 'projectBias')
  | ('expandFilter' | 'expandBias');

/** The block of three convolutions; without SIMD, and where no whole panels are projected to, it is composed of them. */
export const invertedBottleneckKernel: MissingKernel = {
  kernelName: 'SaladInvertedBottleneck',
  kernelFunc: withSimd<Inputs, { readonly stride: number }>(
    (simd, { inputs, attrs }) => invertedBottleneck(simd, inputs, attrs.stride),
    () => [],
  ),
};
