import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { useBackend } from '../support/backends.js';
import { normal } from '../support/normal.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

/** A product summed in float64. */
function product(a: tf.Tensor, b: tf.Tensor): number[] {
  const [rows, inner] = a.shape;
  const columns = b.shape[1] as number;
  const [x, y] = [a.dataSync(), b.dataSync()];
  return Array.from({ length: rows * columns }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += x[Math.floor(i / columns) * inner + k] * y[k * columns + (i % columns)];
    return sum;
  });
}

test('values that are shared with another shape are not taken for the panels of the first', () => {
  const weights = normal('weights', [16, 24]);
  const other = tf.reshape(weights, [24, 16]);
  // From the second product on the panels of a factor are kept.
  for (let time = 0; time < 3; time++)
    for (const b of [weights, other]) {
      const a = normal('a', [8, b.shape[0]]);
      const y = tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
      const expected = product(a, b);
      y.dataSync().forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-4);
      });
      tf.dispose([a, y]);
    }
  tf.dispose([weights, other]);
});
