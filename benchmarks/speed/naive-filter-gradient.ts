import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Registers the filter gradient of `conv2d` that tfjs's wasm backend lacks, in the form that first comes
 * to mind: for each offset of the filter, a slice of the padded input times the gradient.
 *
 *     dw[i, j] = x[:, i::stride, j::stride]^T dy
 *
 * This file is the yardstick of the benchmark: it stays as it is.
 */
export function enableNaiveFilterGradient(backendName: string): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, backendName)) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      // tfjs's own operations hand tensors to a kernel.
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { strides, pad, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      return tf.tidy(() => filterGradient(x, dy, filterShape, strides, pad as 'same' | 'valid'));
    },
  });
}

function filterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: [number, number, number, number],
  strides: number | [number, number],
  pad: 'same' | 'valid',
): tf.Tensor {
  const { padInfo, outHeight, outWidth, strideHeight, strideWidth } =
    tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const padded = tf.pad(x, [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ]);
  const [height, width, inputs, outputs] = filterShape;
  const batch = x.shape[0];
  const gradient = tf.reshape(dy, [-1, outputs]) as Tensor2D;
  const products: tf.Tensor[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const seen =
        strideHeight === 1 && strideWidth === 1
          ? tf.slice(padded, [0, i, j, 0], [batch, outHeight, outWidth, inputs])
          : tf.stridedSlice(
              padded,
              [0, i, j, 0],
              [batch, i + outHeight * strideHeight, j + outWidth * strideWidth, inputs],
              [1, strideHeight, strideWidth, 1],
            );
      products.push(tf.matMul(tf.reshape(seen, [-1, inputs]) as Tensor2D, gradient, true));
    }
  }
  return tf.reshape(tf.stack(products), filterShape);
}
