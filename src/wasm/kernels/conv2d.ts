import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { type Activation, canFinish } from '../simd/activation.js';
import { conv2d } from '../simd/conv2d.js';
import { withSimd } from '../simd/with-simd.js';
import type { ConvolutionAttributes, Shape4D } from './kernel.js';

/*
 * The stock convolution's tile of five rows spills registers; it is also wrong where 1 < filter < stride
 * under `same`.
 */

/** tf.conv2d, channels last. */
export const conv2dKernel: FasterKernel = {
  kernelName: tf.Conv2D,
  wrap: (stock) =>
    withSimd<'x' | 'filter', ConvolutionAttributes>((simd, { inputs: { x, filter }, attrs }) => {
      if (attrs.dataFormat === 'NCHW') return undefined;
      return conv2d(simd, x, filter, forwardInfo(x, filter, attrs));
    }, stock),
};

type FusedInputs = 'x' | 'filter' | 'bias' | 'preluActivationWeights';

type FusedAttributes = ConvolutionAttributes & Pick<Activation, 'activation' | 'leakyreluAlpha'>;

/** tf.fused.conv2d, channels last, with a bias and ReLU, leaky or not. */
export const fusedConv2dKernel: FasterKernel = {
  kernelName: tf.FusedConv2D,
  wrap: (stock) =>
    withSimd<FusedInputs, FusedAttributes>((simd, { inputs, attrs }) => {
      const { x, filter, bias, preluActivationWeights } = inputs;
      const options = { ...attrs, bias, preluActivationWeights };
      if (attrs.dataFormat === 'NCHW' || !canFinish(filter.shape[3] as number, options)) {
        return undefined;
      }
      return conv2d(simd, x, filter, forwardInfo(x, filter, attrs), options);
    }, stock),
};

function forwardInfo(x: Tensor, filter: Tensor, attributes: ConvolutionAttributes) {
  const { strides, dilations = 1, pad, dimRoundingMode } = attributes;
  return tf.backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filter.shape as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
}
