import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/*
 * tfjs's wasm backend adds all values of a sum to one float32, one after the other: at a million pixels a mean is off by
 * up to one per cent. Sums of short runs, and sums of those, keep six digits on every backend and cost the same.
 */

/** Values that one operation adds up. */
const RUN = 64;

/** So many are not worth a second operation. */
const FEW = 2 * RUN;

/** The sum of the values of each entry: [batch, ...] to [batch]. */
export function sumOfEach(x: Tensor): Tensor1D {
  return tf.tidy(() => {
    const values = tf.reshape(x, [x.shape[0], x.size / Math.max(1, x.shape[0])]) as Tensor2D;
    return sumOfRows(values);
  });
}

/** The mean of the values of each entry: [batch, ...] to [batch]. */
export function meanOfEach(x: Tensor): Tensor1D {
  return tf.tidy(() => tf.div(sumOfEach(x), x.size / x.shape[0]));
}

/** The mean of all values. */
export function meanOfAll(x: Tensor): Scalar {
  return tf.tidy(() => tf.reshape(meanOfEach(tf.reshape(x, [1, x.size])), []));
}

function sumOfRows(x: Tensor2D): Tensor1D {
  const [rows, count] = x.shape;
  if (count <= FEW) return tf.sum(x, 1);
  const missing = (RUN - (count % RUN)) % RUN;
  const whole =
    missing === 0
      ? x
      : tf.pad2d(x, [
          [0, 0],
          [0, missing],
        ]);
  const runs = (count + missing) / RUN;
  const sums = tf.sum(tf.reshape(whole, [rows * runs, RUN]), 1);
  return sumOfRows(tf.reshape(sums, [rows, runs]));
}
