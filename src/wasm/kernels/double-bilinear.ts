import type { MissingKernel } from '../../support/register-kernels.js';
import { withSimd } from '../simd/simd.js';

/** Bilinear doubling of maps, [batch, height, width, channels] to [batch, 2 height, 2 width, channels]. */
export const doubleBilinearKernel: MissingKernel = {
  kernelName: 'SaladDoubleBilinear',
  kernelFunc: withSimd<'x', object>(
    (simd, { inputs: { x } }) => {
      const [batch, height, width, channels] = x.shape;
      const y = simd.output([batch, 2 * height, 2 * width, channels]);
      const { doubleBilinear, bilinearScratch } = simd.functions;
      simd.withScratch((scratch) => {
        const row = scratch.take(bilinearScratch(width, channels));
        doubleBilinear(...simd.addresses(x, y), batch, height, width, channels, row);
      });
      return y;
    },
    () => [],
  ),
};

/** Its gradient: [batch, 2 height, 2 width, channels] to [batch, height, width, channels]. */
export const doubleBilinearGradKernel: MissingKernel = {
  kernelName: 'SaladDoubleBilinearGrad',
  kernelFunc: withSimd<'dy', object>(
    (simd, { inputs: { dy } }) => {
      const [batch, doubleHeight, doubleWidth, channels] = dy.shape;
      const [height, width] = [doubleHeight / 2, doubleWidth / 2];
      const dx = simd.output([batch, height, width, channels]);
      const { doubleBilinearGrad, bilinearScratch } = simd.functions;
      simd.withScratch((scratch) => {
        const row = scratch.take(bilinearScratch(doubleWidth, channels));
        doubleBilinearGrad(...simd.addresses(dy, dx), batch, height, width, channels, row);
      });
      return dx;
    },
    () => [],
  ),
};
