import type { MissingKernel } from '../../support/register-kernels.js';
import { after } from '../simd/address.js';
import { passTime, shareValues } from '../simd/share.js';
import { withSimd } from '../simd/with-simd.js';

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
      const places = simd.addresses(
        variable,
        mean,
        square,
        gradient,
        newVariable,
        newMean,
        newSquare,
      );
      shareValues(simd, variable.size, passTime(4 * variable.size), ({ adam }, bytes, count) => {
        const [weight, m, s, g, newWeight, newM, newS] = places.map((place) => after(place, bytes));
        adam(
          ...[weight, m, s, g, newWeight, newM, newS],
          ...[count, stepSize, squareScale],
          ...[beta1, beta2, 1 - beta1, 1 - beta2, weightDecay, epsilon],
        );
      });
      return updated;
    },
    () => [],
  ),
};
