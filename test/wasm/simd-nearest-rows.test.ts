import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { nearestRows } from '../../src/operations/nearest-rows.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { nearestRowsCases } from '../operations/nearest-rows-cases.js';
import { useBackend } from '../support/backends.js';
import { normal } from '../support/normal.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladNearestRows');

describe('the search of the nearest rows on SIMD', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    enableWasmTraining();
  });
  nearestRowsCases();

  test.each([1, 7, 16, 130])('nothing is written outside, %d queries', async (batch) => {
    await expectInBounds(() => {
      const { distances, indices } = nearestRows(normal('q', [batch, 9]), normal('r', [70, 9]), {
        k: 2,
      });
      return [distances, indices];
    });
  });

  test('a row that is not a number is nearest to none', () => {
    const rows = tf.tensor2d([
      [Number.NaN, 0],
      [3, 4],
      [0, 2],
    ]);
    const { distances, indices } = nearestRows(tf.tensor2d([[0, 0]]), rows, { k: 2 });
    expect(indices.arraySync()).toEqual([[2, 1]]);
    expect(distances.arraySync()).toEqual([[2, 5]]);
  });
});
