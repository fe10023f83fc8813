import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { sumOfEach } from '../../src/support/sums.js';
import { describeOnBackends, expectNoLeak } from './backends.js';
import { sumsOverPixels } from './million-pixels.js';

describeOnBackends('sums of many numbers', () => {
  sumsOverPixels();

  test.each([1, 63, 64, 65, 128, 129, 4096, 4097])(
    'of %d whole numbers are exact',
    async (count) => {
      const values = Float32Array.from({ length: 2 * count }, (_, i) => i % 7);
      const expected = [0, 1].map((row) =>
        values.subarray(row * count, (row + 1) * count).reduce((total, value) => total + value, 0),
      );
      const sums = await expectNoLeak(
        () => tf.tidy(() => sumOfEach(tf.tensor3d(values, [2, count, 1]))),
        1,
      );
      expect([...sums.dataSync()]).toEqual(expected);
      sums.dispose();
    },
  );

  test('have the gradient 1', () => {
    tf.tidy(() => {
      const gradient = tf.grad((x) => sumOfEach(x))(tf.zeros([2, 200]), tf.tensor1d([1, 3]));
      expect([...gradient.dataSync()]).toEqual([...Array(200).fill(1), ...Array(200).fill(3)]);
    });
  });
});
