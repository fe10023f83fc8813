import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { l2Normalize, withGradient } from '../../src/support/tensors.js';
import { describeOnBackends, expectNoLeak } from './backends.js';

describeOnBackends('l2Normalize', () => {
  it('divides a row by its length', async () => {
    const rows = tf.tensor2d([3, 4, -6, 8, 3e-5, 4e-5], [3, 2]);
    const unit = await expectNoLeak(() => l2Normalize(rows), 1);
    const expected = [3 / 5, 4 / 5, -6 / 10, 8 / 10, 3 / 5, 4 / 5];
    unit.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
    tf.dispose([rows, unit]);
  });

  it('leaves a zero row zero, with a finite gradient', () => {
    tf.tidy(() => {
      const rows = tf.zeros<tf.Rank.R2>([1, 3]);
      expect([...l2Normalize(rows).dataSync()]).toEqual([0, 0, 0]);
      const gradient = tf
        .grad((x) => l2Normalize(x as Tensor2D))(rows)
        .dataSync();
      expect(gradient.every(Number.isFinite)).toBe(true);
    });
  });

  it('has the gradient (dy - u (u . dy)) / |x|', () => {
    tf.tidy(() => {
      const [x, dy] = [tf.tensor2d([[3, 4]]), tf.tensor2d([[1, 2]])];
      const along = (3 / 5) * 1 + (4 / 5) * 2;
      const expected = [(1 - (3 / 5) * along) / 5, (2 - (4 / 5) * along) / 5];
      const gradient = tf
        .grad((x) => l2Normalize(x as Tensor2D))(x, dy)
        .dataSync();
      gradient.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 6);
      });
    });
  });
});

describeOnBackends('withGradient', () => {
  it('takes the gradient it is given, from what was saved', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const x = tf.tensor1d([2, 3]);
        const cubeWithWrongGradient = (x: tf.Tensor) =>
          withGradient(
            [x],
            () => ({ value: tf.mul(x, tf.square(x)), saved: [tf.square(x)] }),
            (dy, [square]) => [tf.mul(dy, tf.mul(square, 100))],
          );
        expect([...cubeWithWrongGradient(x).dataSync()]).toEqual([8, 27]);
        expect([...tf.grad(cubeWithWrongGradient)(x).dataSync()]).toEqual([4 * 100, 9 * 100]);
      });
    });
  });
});
