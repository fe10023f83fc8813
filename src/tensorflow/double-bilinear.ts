import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernel } from './kernel.js';

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

/** Its gradient: [batch, 2 height, 2 width, channels] to [batch, height, width, channels]. */
export const doubleBilinearGradKernel: NativeKernel<'dy', object> = {
  kernelName: 'SaladDoubleBilinearGrad',
  compute(execute, { dy }) {
    const [batch, height, width, channels] = dy.shape;
    // Only the shape of what was doubled is read.
    const like = tf.zeros([batch, height / 2, width / 2, channels]);
    const dx = execute('ResizeBilinearGrad', [dy, like], HALF_PIXEL_CENTERS);
    like.dispose();
    return dx;
  },
};
