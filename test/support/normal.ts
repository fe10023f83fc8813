import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from '../../src/support/random.js';

/** Standard normal numbers, the same on every backend. */
export function normal<R extends tf.Rank>(
  name: string,
  shape: tf.ShapeMap[R],
  seed = 7,
): tf.Tensor<R> {
  const random = new RandomStream(seed, [name]);
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () =>
    random.gaussian(),
  );
  return tf.tensor(values, shape);
}
