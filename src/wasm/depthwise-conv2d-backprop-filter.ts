import * as tf from '@tensorflow/tfjs-core';
import {
  type ConvolutionAttributes,
  convolutionInfo,
  type KernelArguments,
  kernelFunc,
  type MissingKernel,
  type Shape4D,
} from './kernel.js';

type Attributes = ConvolutionAttributes & { readonly filterShape: Shape4D };

const kernelName = tf.DepthwiseConv2dNativeBackpropFilter;

/**
 * The gradient of a depthwise convolution with respect to its filter.
 *
 *     dW[k, l, c, m] = sum_{b, y, x} X[b, y*s + k - top, x*s + l - left, c] * dY[b, y, x, c*M + m]
 *
 * A loop on the host: a forward depthwise convolution with dY as its window took five times as long.
 */
function depthwiseConv2dBackpropFilter({
  inputs: { x, dy },
  attrs,
}: KernelArguments<'x' | 'dy', Attributes>): tf.Tensor {
  const { filterShape } = attrs;
  const info = convolutionInfo(kernelName, x.shape, filterShape, attrs, true);
  const images = x.dataSync<'float32'>();
  const gradients = dy.dataSync<'float32'>();
  const { inHeight, inWidth, outHeight, outWidth, inChannels, outChannels } = info;
  const multiplier = outChannels / inChannels;
  const sums = new Float64Array(tf.util.sizeFromShape(filterShape));
  for (let image = 0; image < info.batchSize; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let rowTap = 0; rowTap < info.filterHeight; rowTap++) {
        const row = outRow * info.strideHeight + rowTap - info.padInfo.top;
        if (row < 0 || row >= inHeight) continue;
        for (let outColumn = 0; outColumn < outWidth; outColumn++) {
          const dyAt = ((image * outHeight + outRow) * outWidth + outColumn) * outChannels;
          for (let columnTap = 0; columnTap < info.filterWidth; columnTap++) {
            const column = outColumn * info.strideWidth + columnTap - info.padInfo.left;
            if (column < 0 || column >= inWidth) continue;
            const xAt = ((image * inHeight + row) * inWidth + column) * inChannels;
            const sumAt = (rowTap * info.filterWidth + columnTap) * outChannels;
            if (multiplier === 1) {
              for (let c = 0; c < inChannels; c++) {
                sums[sumAt + c] += images[xAt + c] * gradients[dyAt + c];
              }
            } else {
              for (let c = 0; c < outChannels; c++) {
                sums[sumAt + c] += images[xAt + Math.trunc(c / multiplier)] * gradients[dyAt + c];
              }
            }
          }
        }
      }
    }
  }
  return tf.tensor4d(Float32Array.from(sums), filterShape);
}

export const depthwiseConv2dBackpropFilterKernel: MissingKernel = {
  kernelName,
  kernelFunc: kernelFunc(depthwiseConv2dBackpropFilter),
};
