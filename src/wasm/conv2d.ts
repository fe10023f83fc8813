import * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionAttributes, FasterKernel, Shape4D } from './kernel.js';
import { conv2d } from './simd/conv2d.js';
import { withSimd } from './simd/simd.js';

/** tf.conv2d, channels last; the stock kernel spills registers, and is wrong where 1 < filter < stride under `same`. */
export const conv2dKernel: FasterKernel = {
  kernelName: tf.Conv2D,
  wrap: (stock) =>
    withSimd<'x' | 'filter', ConvolutionAttributes>(
      (simd, { inputs: { x, filter }, attrs }) =>
        attrs.dataFormat === 'NCHW'
          ? undefined
          : conv2d(
              simd,
              x,
              filter,
              tf.backend_util.computeConv2DInfo(
                x.shape as Shape4D,
                filter.shape as Shape4D,
                attrs.strides,
                attrs.dilations ?? 1,
                attrs.pad,
                attrs.dimRoundingMode,
              ),
            ),
      stock,
    ),
};
