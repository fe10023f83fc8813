import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from '../../src/support/random.js';

/** Standard normal numbers, the same on every backend. */
export function normal<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const random = new RandomStream(7, [name]);
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal());
  return tf.tensor(values, shape);
}
