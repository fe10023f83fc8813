import * as tf from '@tensorflow/tfjs-core';
import type { MissingKernel } from '../../support/register-kernels.js';
import { filterReach, fitSpatial } from '../composed/fit-spatial.js';
import { conv2dBackpropFilter } from '../simd/conv2d-backprop-filter.js';
import { withSimd } from '../simd/with-simd.js';
import {
  type ConvolutionAttributes,
  convolutionInfo,
  type KernelArguments,
  kernelFunc,
  type Shape4D,
} from './kernel.js';

type Attributes = ConvolutionAttributes & { readonly filterShape: Shape4D };

/**
 * The gradient of a convolution with respect to its filter, as one forward convolution.
 *
 *     dW[k, l, c, d] = sum_{b, y, x} X[b, y*s + k - top, x*s + l - left, c] * dY[b, y, x, d]
 *
 * slides dY, dilated by the stride s, over X: the channels c take the place of the batch, and the
 * batch b that of the channels.
 */
function composed({
  inputs: { x, dy },
  attrs,
}: KernelArguments<'x' | 'dy', Attributes>): tf.Tensor {
  return tf.tidy(() => {
    const info = convolutionInfo(tf.Conv2DBackpropFilter, x.shape, attrs.filterShape, attrs);
    const images = tf.transpose(x as tf.Tensor4D, [3, 1, 2, 0]);
    const { cropped, padding } = fitSpatial(images, filterReach(info));
    const window = tf.transpose(dy as tf.Tensor4D, [1, 2, 0, 3]);
    const dilations: [number, number] = [info.strideHeight, info.strideWidth];
    const gradient = tf.conv2d(cropped, window, 1, padding, 'NHWC', dilations);
    return tf.transpose(gradient, [1, 2, 0, 3]);
  });
}

export const conv2dBackpropFilterKernel: MissingKernel = {
  kernelName: tf.Conv2DBackpropFilter,
  kernelFunc: withSimd<'x' | 'dy', Attributes>(
    (simd, { inputs: { x, dy }, attrs }) =>
      dy.size === 0
        ? tf.zeros(attrs.filterShape)
        : conv2dBackpropFilter(
            simd,
            x,
            dy,
            convolutionInfo(tf.Conv2DBackpropFilter, x.shape, attrs.filterShape, attrs),
          ),
    kernelFunc(composed),
  ),
};
