import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import { latentLoss } from '../../src/core/losses.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladBankSoftmax');

const unit = (name: string, shape: [number, number]) => {
  const rows = normal(name, shape);
  return tf.div(rows, tf.sqrt(tf.sum(tf.square(rows), 1, true))) as tf.Tensor2D;
};

/** Loss and gradient of a batch of which every other sample is an anchor. */
function lossAndGradient(batch: number, size: number, dim: number, temperature: number) {
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

describe('the softmax over the bank on SIMD', () => {
  beforeAll(() => enableWasmTraining());
  const sizes: [batch: number, size: number, dim: number, temperature: number][] = [
    [1, 1, 1, 0.5],
    [3, 2, 3, 0.1],
    [4, 63, 8, 0.1],
    [8, 64, 9, 1],
    [9, 65, 13, 0.1],
    [16, 200, 24, 0.05],
  ];
  test.each(sizes)('%d samples, %d rows of %d, temperature %d', async (...problem) => {
    await expectSameOnWasm('loss and gradient', () => lossAndGradient(...problem));
  });
  test.each(sizes)('nothing is written outside, %d samples, %d rows of %d', async (...problem) => {
    await expectInBounds(() => lossAndGradient(...problem));
  });
});
