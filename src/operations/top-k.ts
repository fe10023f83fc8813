import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Running k largest similarities of each query, ties to the lower row. */
export type TopState = { values: Tensor2D; indices: Tensor2D };

/** Takes one more block of similarities [batch, n], whose first column is row `offset`, into the k largest. */
export function foldTop(
  state: TopState | undefined,
  similarities: Tensor2D,
  offset: number,
  k: number,
): TopState {
  const [batch, count] = similarities.shape;
  const top = tf.topk(similarities, Math.min(k, count));
  const indices = tf.add(top.indices, tf.scalar(offset, 'int32')) as Tensor2D;
  if (!state) return { values: top.values as Tensor2D, indices };
  const values = tf.concat([state.values, top.values as Tensor2D], 1);
  const merged = tf.topk(values, Math.min(k, values.shape[1]));
  const candidates = tf.concat([state.indices, indices], 1);
  const width = candidates.shape[1];
  const starts = tf.tensor2d(
    Int32Array.from({ length: batch }, (_, i) => i * width),
    [batch, 1],
    'int32',
  );
  const positions = tf.reshape(tf.add(merged.indices, starts), [-1]) as Tensor1D;
  const picked = tf.gather(tf.reshape(candidates, [-1]), positions);
  return {
    values: merged.values as Tensor2D,
    indices: tf.reshape(picked, merged.indices.shape as [number, number]),
  };
}
