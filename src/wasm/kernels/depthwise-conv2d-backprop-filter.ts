import * as tf from '@tensorflow/tfjs-core';
import type { MissingKernel } from '../../support/register-kernels.js';
import { filterReach, fitSpatial } from '../composed/fit-spatial.js';
import {
  type ConvolutionAttributes,
  convolutionInfo,
  type KernelArguments,
  kernelFunc,
  type Shape4D,
} from './kernel.js';

type Attributes = ConvolutionAttributes & { readonly filterShape: Shape4D };

const kernelName = tf.DepthwiseConv2dNativeBackpropFilter;

/**
 * The gradient of a depthwise convolution with respect to its filter, tap by tap.
 *
 *     dW[k, l, c, m] = sum_{b, y, x} X[b, y*s + k - top, x*s + l - left, c] * dY[b, y, x, c*M + m]
 *
 * What a tap sees of X is the forward convolution with a filter of one at that tap and zero elsewhere:
 * a shift and stride at a convolution's speed, where slicing would copy element by element.
 */
function depthwiseConv2dBackpropFilter({
  inputs: { x, dy },
  attrs,
}: KernelArguments<'x' | 'dy', Attributes>): tf.Tensor {
  const { filterShape } = attrs;
  const info = convolutionInfo(kernelName, x.shape, filterShape, attrs, true);
  const taps = info.filterHeight * info.filterWidth;
  return tf.tidy(() => {
    const { cropped, padding } = fitSpatial(x as tf.Tensor4D, filterReach(info));
    const gradients = Array.from({ length: taps }, (_, tap) =>
      tf.tidy(() => {
        const only = new Float32Array(taps * info.outChannels);
        only.fill(1, tap * info.outChannels, (tap + 1) * info.outChannels);
        const filter = tf.tensor4d(only, filterShape);
        const strides: [number, number] = [info.strideHeight, info.strideWidth];
        const products = tf.mul(tf.depthwiseConv2d(cropped, filter, strides, padding), dy);
        return tf.sum(products, [0, 1, 2]);
      }),
    );
    return tf.reshape(tf.stack(gradients), filterShape);
  });
}

export const depthwiseConv2dBackpropFilterKernel: MissingKernel = {
  kernelName,
  kernelFunc: kernelFunc(depthwiseConv2dBackpropFilter),
};
