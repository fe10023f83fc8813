import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { type Activation, canFinish } from '../simd/activation.js';
import { depthwiseConv2d } from '../simd/depthwise-conv2d.js';
import { withSimd } from '../simd/with-simd.js';
import type { ConvolutionAttributes, Shape4D } from './kernel.js';

/** tf.depthwiseConv2d, channels last, one filter a channel, not dilated. */
export const depthwiseConv2dKernel: FasterKernel = {
  kernelName: tf.DepthwiseConv2dNative,
  wrap: (stock) =>
    withSimd<'x' | 'filter', ConvolutionAttributes>((simd, { inputs: { x, filter }, attrs }) => {
      const info = infoOf(x, filter, attrs);
      return info && depthwiseConv2d(simd, x, filter, info);
    }, stock),
};

type FusedInputs = 'x' | 'filter' | 'bias' | 'preluActivationWeights';

type FusedAttributes = ConvolutionAttributes & Pick<Activation, 'activation' | 'leakyreluAlpha'>;

/** tf.fused.depthwiseConv2d, likewise, with a bias and ReLU, leaky or not. */
export const fusedDepthwiseConv2dKernel: FasterKernel = {
  kernelName: tf.FusedDepthwiseConv2D,
  wrap: (stock) =>
    withSimd<FusedInputs, FusedAttributes>((simd, { inputs, attrs }) => {
      const { x, filter, bias, preluActivationWeights } = inputs;
      const options = { ...attrs, bias, preluActivationWeights };
      const info = infoOf(x, filter, attrs);
      if (!info || !canFinish(info.outChannels, options)) return undefined;
      return depthwiseConv2d(simd, x, filter, info, options);
    }, stock),
};

/** The sizes of a convolution; undefined for one that is left alone. */
function infoOf(x: Tensor, filter: Tensor, attributes: ConvolutionAttributes) {
  const { strides, dilations = 1, pad, dimRoundingMode, dataFormat } = attributes;
  const plain = [dilations].flat().every((dilation) => dilation === 1);
  if (dataFormat === 'NCHW' || !plain || filter.shape[3] !== 1) return undefined;
  return tf.backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filter.shape as Shape4D,
    strides,
    1,
    pad,
    dimRoundingMode,
    true,
  );
}
