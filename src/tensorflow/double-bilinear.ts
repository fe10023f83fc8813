import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernel } from './kernel.js';

const PADDING: [number, number][] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

/** [1, 3, 3, 1] / 4 along each axis. */
const TAPS = [1, 3, 3, 1, 3, 9, 9, 3, 3, 9, 9, 3, 1, 3, 3, 1].map((tap) => tap / 16);

const HALF_PIXEL_CENTERS = { bools: { align_corners: false, half_pixel_centers: true } };

/** Bilinear doubling of a map, [batch, height, width, channels] to [batch, 2 height, 2 width, channels]. */
export const doubleBilinearKernel: NativeKernel<'x', object> = {
  kernelName: 'SaladDoubleBilinear',
  compute(execute, { x }) {
    const size = tf.tensor1d([2 * x.shape[1], 2 * x.shape[2]], 'int32');
    const doubled = execute('ResizeBilinear', [x, size], HALF_PIXEL_CENTERS);
    size.dispose();
    return doubled;
  },
};

/**
 * Its gradient, [batch, 2 height, 2 width, channels] to [batch, height, width, channels]: the outermost
 * pixel stands for its missing neighbour too, then [1, 3, 3, 1] / 4 along each axis. TensorFlow's own
 * ResizeBilinearGrad runs on one thread.
 */
export const doubleBilinearGradKernel: NativeKernel<'dy', object> = {
  kernelName: 'SaladDoubleBilinearGrad',
  compute(_, { dy }) {
    const channels = dy.shape[3] as number;
    return [
      tf.tidy(() => {
        const padded = tf.mirrorPad(dy as tf.Tensor4D, PADDING, 'symmetric');
        const filter = tf.tile(tf.reshape(TAPS, [4, 4, 1, 1]), [1, 1, channels, 1]);
        return tf.depthwiseConv2d(padded, filter as tf.Tensor4D, 2, 'valid');
      }),
    ];
  },
};
