import type { MissingKernel } from '../../support/register-kernels.js';
import { withSimd } from '../simd/simd.js';

interface AdamAttributes {
  readonly stepSize: number;
  readonly squareScale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  readonly epsilon: number;
}

/** Adam's step, one pass over the weights. */
export const adamKernel: MissingKernel = {
  kernelName: 'SaladAdam',
  kernelFunc: withSimd<'variable' | 'mean' | 'square' | 'gradient', AdamAttributes>(
    (simd, { inputs: { variable, mean, square, gradient }, attrs }) => {
      const { stepSize, squareScale, beta1, beta2, weightDecay, epsilon } = attrs;
      const updated = [variable, mean, square].map(({ shape }) => simd.output(shape));
      const [newVariable, newMean, newSquare] = updated;
      simd.functions.adam(
        ...simd.addresses(variable, mean, square, gradient),
        ...simd.addresses(newVariable, newMean, newSquare),
        ...[variable.size, stepSize, squareScale],
        ...[beta1, beta2, 1 - beta1, 1 - beta2, weightDecay, epsilon],
      );
      return updated;
    },
    () => [],
  ),
};
