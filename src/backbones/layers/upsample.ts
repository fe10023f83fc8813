import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../../support/kernels.js';
import { withGradient } from '../../support/tensors.js';
import type { Layer } from './layer.js';

/**
 * Kernels that a backend's entry may register for bilinear doubling.
 *
 * | name | input | output |
 * |---|---|---|
 * | `SaladDoubleBilinear` | x, [batch, height, width, channels] | [batch, 2 height, 2 width, channels] |
 * | `SaladDoubleBilinearGrad` | dy, [batch, 2 height, 2 width, channels] | [batch, height, width, channels] |
 */
export const DOUBLE_BILINEAR = 'SaladDoubleBilinear';
export const DOUBLE_BILINEAR_GRAD = 'SaladDoubleBilinearGrad';

/** Height and width of a map, in pixels. */
export type MapSize = readonly [height: number, width: number];

/** A size and what is left of it after each of `count` halvings; odd sizes halve upwards (7 to 4). */
export function halvings([height, width]: readonly number[], count: number): MapSize[] {
  return Array.from({ length: count + 1 }, (_, step) => [
    Math.ceil(height / 2 ** step),
    Math.ceil(width / 2 ** step),
  ]);
}

/**
 * Bilinear doubling of a map, cropped to `size` where that is odd.
 *
 * Pixel centres are kept (an output pixel is 3/4 of the nearer neighbour and 1/4 of the other, along
 * each axis), the form PyTorch calls `align_corners=False`.
 *
 * @param size height and width of the output: twice the input's, or one less.
 */
export function upsample(size: MapSize): Layer {
  return {
    apply: (x) => {
      const doubled = double(x);
      return doubled.shape[1] === size[0] && doubled.shape[2] === size[1]
        ? doubled
        : tf.slice(doubled, [0, 0, 0, 0], [-1, ...size, -1]);
    },
    trainable: [],
    statistics: [],
  };
}

/** The gradient is written by hand: tfjs's own ignores `halfPixelCenters`, and on cpu swaps height and width. */
function double(x: Tensor4D): Tensor4D {
  const [, height, width] = x.shape;
  return withGradient(
    [x],
    () => {
      const [doubled] = fasterKernel(DOUBLE_BILINEAR, { x }) ?? [
        tf.image.resizeBilinear(x, [2 * height, 2 * width], false, true),
      ];
      return { value: doubled as Tensor4D, saved: [] };
    },
    (dy) => fasterKernel(DOUBLE_BILINEAR_GRAD, { dy }) ?? [halve(dy)],
  );
}

/** The adjoint of doubling, [1, 3, 3, 1] / 4 along each axis: smoothing by [1, 2, 1] / 2, then means of pairs. */
function halve(dy: Tensor4D): Tensor4D {
  const channels = dy.shape[3];
  const taps = [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25];
  const filter = taps.flatMap((tap) => new Array<number>(channels).fill(tap));
  // The outermost pixel stands for its missing neighbour too.
  const padded = tf.mirrorPad(
    dy,
    [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
    'symmetric',
  );
  const smooth = tf.depthwiseConv2d(padded, tf.tensor4d(filter, [3, 3, channels, 1]), 1, 'valid');
  return tf.avgPool(smooth, 2, 2, 'valid');
}
