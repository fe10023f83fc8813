import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { upsample } from '../../src/backbones/layers/upsample.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladDoubleBilinear', 'SaladDoubleBilinearGrad');

beforeAll(() => enableWasmTraining());

const SHAPES: [number, number, number, number][] = [
  [1, 1, 1, 1],
  [2, 1, 3, 1],
  [2, 4, 1, 2],
  [1, 3, 5, 3],
  [3, 2, 2, 4],
  [2, 3, 4, 5],
  [1, 5, 3, 16],
  [2, 4, 6, 19],
];

describe('bilinear doubling on SIMD', () => {
  const both = (shape: (typeof SHAPES)[number]) => {
    const [batch, height, width, channels] = shape;
    const up = (x: tf.Tensor) =>
      upsample([2 * height, 2 * width]).apply(x as tf.Tensor4D, true) as tf.Tensor;
    const x = normal('x', shape);
    return [up(x), tf.grad(up)(x, normal('dy', [batch, 2 * height, 2 * width, channels]))];
  };

  test.each(SHAPES)('forward and gradient as composed, [%d, %d, %d, %d]', async (...shape) => {
    await expectSameOnWasm('doubled', () => both(shape));
  });

  test.each(SHAPES)('nothing is written outside, [%d, %d, %d, %d]', async (...shape) => {
    await expectInBounds(() => both(shape));
  });

  test('NaN and infinity stay with the pixels that they have a weight in', async () => {
    await tf.setBackend('wasm');
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const doubled = tf.tidy(() => {
        const x = tf.tensor4d([1, 2, bad, 4, 5, 6], [1, 1, 6, 1]);
        return upsample([2, 12]).apply(x, false).dataSync();
      });
      // Its own two pixels, and the nearer one of either neighbour.
      const row = Array.from({ length: 12 }, (_, i) => i >= 3 && i <= 6);
      expect(Array.from(doubled, (value) => !Number.isFinite(value))).toEqual([...row, ...row]);
    }
  });
});
