import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/*
 * Arithmetic per channel of a map [batch, height, width, channels], in the forms that are vectorised
 * on wasm (a pooling, a 1x1 depthwise convolution); the obvious ones (`mean`, `mul` with a
 * [channels], `leakyRelu`) are scalar loops there, 3 to 30 times slower. Their own gradients are slow
 * or missing on wasm, so they belong inside `tf.customGrad`.
 */

/** The mean of each channel, [channels]: of rows, then of images, for a long sum of float32 loses digits. */
export function channelMeans(x: Tensor4D): Tensor1D {
  const [batch, height, width, channels] = x.shape;
  const pooled = pool(pool(x, [1, width]), [height, 1]);
  return tf.mean(tf.reshape(pooled, [batch, channels]), 0);
}

function pool(x: Tensor4D, window: [height: number, width: number]): Tensor4D {
  // XNNPACK refuses to pool a single pixel.
  return window[0] * window[1] === 1 ? x : tf.avgPool(x, window, 1, 'valid');
}

/** x * factor + shift, with a factor and a shift per channel. */
export function scaleShift(x: Tensor4D, factor: Tensor1D, shift: Tensor1D): Tensor4D {
  const filter = tf.reshape(factor, [1, 1, factor.size, 1]) as Tensor4D;
  return tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 'valid', bias: shift });
}

/** x where it is above zero, else slope * x. */
export function leaky(x: Tensor4D, slope: number): Tensor4D {
  return slope === 1 ? x : (tf.prelu<Tensor>(x, tf.fill([x.shape[3]], slope)) as Tensor4D);
}

/** The gradient behind `leaky`, from the one before it and what `leaky` returned (or was given). */
export function leakyGradient(dy: Tensor4D, y: Tensor4D, slope: number): Tensor4D {
  return slope === 1 ? dy : tf.mul(dy, tf.step(y, slope));
}
