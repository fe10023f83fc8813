import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { normalizeAndActivate } from '../../src/backbones/layers/normalize-and-activate.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladNormalizeActivate', 'SaladNormalizeActivateGrad');

beforeAll(() => enableWasmTraining());

type Shape = [number, number, number, number];

/** Rows that fill whole vectors and rows that do not, one pixel, more than one block. */
const SHAPES: Shape[] = [
  [1, 1, 1, 1],
  [3, 5, 7, 1],
  [2, 3, 5, 2],
  [2, 5, 5, 3],
  [1, 1, 1, 5],
  [5, 1, 1, 7],
  [2, 3, 3, 16],
  [3, 3, 3, 20],
  [2, 9, 9, 24],
  [1, 40, 41, 8],
  [1, 80, 81, 1],
  [2, 1, 2, 200],
];

const inputs = (shape: Shape) => [
  tf.add(tf.mul(normal('x', shape), 2), 3) as tf.Tensor4D,
  normal('scale', [shape[3]]),
  normal('offset', [shape[3]]),
];

const run = (slope: number, [x, scale, offset]: tf.Tensor[], onMoments?: () => void) =>
  normalizeAndActivate(
    ...([x, scale, offset] as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]),
    { epsilon: 1e-3, slope },
    onMoments,
  );

const forwardAndBackward = (shape: Shape, slope: number) => {
  const dy = normal('dy', shape);
  const gradients = tf.grads((...values) => run(slope, values))(inputs(shape), dy);
  return [run(slope, inputs(shape)), ...gradients];
};

describe('normalizeAndActivate on SIMD', () => {
  test.each(SHAPES)('forward and gradients as composed, [%d, %d, %d, %d]', async (...shape) => {
    for (const slope of [0, 0.1, 1])
      await expectSameOnWasm(`slope ${slope}`, () => forwardAndBackward(shape, slope));
  });

  test.each(SHAPES)('nothing is written outside, [%d, %d, %d, %d]', async (...shape) => {
    await expectInBounds(() => forwardAndBackward(shape, 0.1));
  });

  test('a mean of a thousand deviations takes nothing from the variance', async () => {
    await tf.setBackend('wasm');
    const pixels = 64 * 64;
    // 1000 + 0 and 1000 + 1 in turn, after one pixel far away.
    const values = Float32Array.from({ length: pixels * 3 }, (_, i) =>
      i < 3 ? 0 : 1000 + (Math.floor(i / 3) % 2),
    );
    let sum = 0;
    for (const value of values) sum += value;
    const mean = sum / values.length;
    let squares = 0;
    for (const value of values) squares += (value - mean) ** 2;
    tf.tidy(() => {
      const moments: number[][] = [];
      normalizeAndActivate(
        tf.tensor4d(values, [1, 64, 64, 3]),
        tf.ones([3]),
        tf.zeros([3]),
        { epsilon: 1e-3, slope: 1 },
        (...both) => moments.push(...both.map((tensor) => Array.from(tensor.dataSync()))),
      );
      for (const value of moments[0]) expect(Math.abs(value / mean - 1)).toBeLessThan(1e-7);
      for (const value of moments[1])
        expect(Math.abs(value / (squares / values.length) - 1)).toBeLessThan(1e-5);
    });
  });

  test('a channel with NaN is NaN throughout, the others are not', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const values = Float32Array.from({ length: 6 * 6 * 5 }, (_, i) => (i === 7 ? Number.NaN : i));
      const x = tf.tensor4d(values, [1, 6, 6, 5]);
      const y = run(0.1, [x, tf.ones([5]), tf.zeros([5])]).dataSync();
      y.forEach((value, i) => {
        expect(Number.isNaN(value)).toBe(i % 5 === 7 % 5);
      });
    });
  });
});
