import type { MissingKernel } from '../../support/register-kernels.js';
import { after } from '../simd/address.js';
import { passTime, share } from '../simd/share.js';
import { withSimd } from '../simd/with-simd.js';

/** Bilinear doubling of maps, [batch, height, width, channels] to [batch, 2 height, 2 width, channels]. */
export const doubleBilinearKernel: MissingKernel = {
  kernelName: 'SaladDoubleBilinear',
  kernelFunc: withSimd<'x', object>(
    (simd, { inputs: { x } }) => {
      const [batch, height, width, channels] = x.shape;
      const y = simd.output([batch, 2 * height, 2 * width, channels]);
      const [from, to] = simd.addresses(x, y);
      const image = height * width * channels;
      share(simd, batch, passTime(8 * x.size), (part, { first, count }) => {
        const { doubleBilinear, bilinearScratch } = part.functions;
        part.withScratch((own) =>
          doubleBilinear(
            ...[after(from, first * image * 4), after(to, first * image * 16)],
            ...[count, height, width, channels, own.take(bilinearScratch(width, channels))],
          ),
        );
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
      const [from, to] = simd.addresses(dy, dx);
      const image = height * width * channels;
      share(simd, batch, passTime(2 * dy.size), (part, { first, count }) => {
        const { doubleBilinearGrad, bilinearScratch } = part.functions;
        part.withScratch((own) =>
          doubleBilinearGrad(
            ...[after(from, first * image * 16), after(to, first * image * 4)],
            ...[count, height, width, channels, own.take(bilinearScratch(doubleWidth, channels))],
          ),
        );
      });
      return dx;
    },
    () => [],
  ),
};
