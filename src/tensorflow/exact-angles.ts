import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Numbers of bank rows gathered at a time, at most: 4 MiB. */
const GATHERED = 2 ** 20;

/**
 * 2 atan2(|u - v|, |u + v|) between each query and k rows, exact for small angles where the arc cosine
 * loses half its digits.
 *
 * @param indices [batch, k]. @returns [batch, k], radians.
 */
export function exactAngles(
  queries: Tensor2D,
  rows: Tensor2D,
  indices: Int32Array,
  k: number,
): Float32Array {
  const [batch, dim] = queries.shape;
  const angles = new Float32Array(batch * k);
  const step = Math.max(1, Math.floor(GATHERED / (k * dim)));
  for (let first = 0; first < batch; first += step) {
    const count = Math.min(step, batch - first);
    const places = indices.subarray(first * k, (first + count) * k);
    tf.tidy(() => {
      const near = tf.reshape(tf.gather(rows, tf.tensor1d(places, 'int32')), [count, k, dim]);
      const each = tf.reshape(tf.slice(queries, [first, 0], [count, dim]), [count, 1, dim]);
      const ones = tf.ones<tf.Rank.R2>([dim, 1]);
      const lengths = (squares: tf.Tensor) =>
        tf.matMul(tf.reshape(squares, [count * k, dim]) as Tensor2D, ones).dataSync<'float32'>();
      const apart = lengths(tf.squaredDifference(near, each));
      // |u + v|^2 = 4 - |u - v|^2 of unit vectors; that loses digits where they point apart, and is
      // untrue of an embedding of length 0.
      const along = apart.some((square) => square > 2 || Math.abs(square - 1) < 1e-5)
        ? lengths(tf.square(tf.add(near, each)))
        : apart.map((square) => 4 - square);
      apart.forEach((square, i) => {
        angles[first * k + i] = 2 * Math.atan2(Math.sqrt(square), Math.sqrt(along[i]));
      });
    });
  }
  return angles;
}
