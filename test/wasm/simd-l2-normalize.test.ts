import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { l2Normalize } from '../../src/support/tensors.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladL2Normalize', 'SaladL2NormalizeGrad');

beforeAll(() => enableWasmTraining());

const SHAPES: [number, number][] = [
  [1, 1],
  [3, 2],
  [2, 7],
  [5, 8],
  [3, 13],
  [4, 200],
];

const unit = (x: tf.Tensor): tf.Tensor => l2Normalize(x as tf.Tensor2D);

/** Rows of which the last but one is zero, and the last too short for a direction. */
const rows = (shape: [number, number]) =>
  tf.concat([normal('x', shape), tf.zeros([1, shape[1]]), tf.fill([1, shape[1]], 1e-9)]);

describe('l2Normalize on SIMD', () => {
  const both = (shape: [number, number]) => {
    const x = rows(shape);
    // Gradients of short rows are a million times those of the others.
    const weight = tf.concat([tf.ones([shape[0], 1]), tf.fill([2, 1], 1e-6)]);
    return [unit(x), tf.mul(tf.grad(unit)(x, normal('dy', x.shape)), weight)];
  };

  test.each(SHAPES)('forward and gradient as composed, [%d, %d]', async (...shape) => {
    await expectSameOnWasm('rows', () => both(shape));
  });

  test.each(SHAPES)('nothing is written outside, [%d, %d]', async (...shape) => {
    await expectInBounds(() => both(shape));
  });

  test('a row with NaN is NaN, the others are not', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 2, 4, Number.NaN, 4], [2, 3]);
      expect(Array.from(unit(x).dataSync(), Number.isNaN)).toEqual([
        ...[false, false, false],
        ...[true, true, true],
      ]);
    });
  });
});
