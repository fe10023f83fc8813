import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Rows scaled to unit length: x / max(|x|, e), with e = 1e-6, or 1e-2 on a float16 device.
 *
 * A row shorter than e is scaled by 1/e instead, so a zero row stays zero and its gradient is finite
 * (`tf.norm` gives NaN there).
 *
 * @param rows [count, size].
 * @returns [count, size], rows of unit length.
 */
export function l2Normalize(rows: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    const smallest = tf.backend().floatPrecision() === 16 ? 1e-4 : 1e-12;
    const squaredLength = tf.sum(tf.square(rows), 1, true);
    return tf.mul(rows, tf.rsqrt(tf.maximum(squaredLength, smallest)));
  });
}
