import * as tf from '@tensorflow/tfjs-core';
import { latentLoss } from '../../src/core/losses.js';
import { normal } from '../support/normal.js';

const unit = (name: string, shape: [number, number]) => {
  const rows = normal(name, shape);
  return tf.div(rows, tf.sqrt(tf.sum(tf.square(rows), 1, true))) as tf.Tensor2D;
};

/** Loss and gradient of a batch of which every other sample is an anchor. */
export function lossAndGradient(batch: number, size: number, dim: number, temperature: number) {
  const bank = unit('bank', [size, dim]);
  const rows = Array.from({ length: batch }, (_, i) => (i * 7) % size);
  const neighbors = rows.map((row) => [(row + 1) % size, (row + 5) % size]);
  const anchors = rows.map((_, i) => i % 2 === 0);
  const loss = (z: tf.Tensor) =>
    latentLoss(z as tf.Tensor2D, bank, { rows, neighbors, anchors, temperature });
  const { value, grad } = tf.valueAndGrad(loss)(
    unit('z', [batch, dim]),
    normal('dy', [batch]) as tf.Tensor1D,
  );
  return [value, grad];
}
