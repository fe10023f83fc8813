import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { nearestRows } from '../../src/operations/nearest-rows.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { nearestRowsCases } from '../operations/nearest-rows-cases.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
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

  test.each([
    [1, 1e-3],
    [1e3, 1],
    [1, 1e3],
    [1e-3, 1e3],
    [1, 0],
    [0, 1],
    [0, 0],
  ])('queries %d times, rows %d times as long as others of theirs', async (long, other) => {
    const scaled = (name: string, count: number, scale: number) =>
      tf.concat([
        tf.mul(normal(name, [count, 20]), scale),
        normal(`${name} as they are`, [count, 20]),
      ]) as tf.Tensor2D;
    const queries = scaled('queries', 13, long);
    const rows = scaled('rows', 150, other);
    const { distances } = nearestRows(queries, rows);
    const [q, r] = [await queries.array(), await rows.array()];
    const found = await distances.data();
    q.forEach((query, i) => {
      const all = r.map((row) => Math.hypot(...row.map((value, j) => value - query[j])));
      const least = Math.min(...all);
      expect(Math.abs(found[i] - least)).toBeLessThanOrEqual(1e-5 * Math.max(least, 1));
    });
    tf.dispose([queries, rows, distances]);
  });

  test('rows of another shape, of the same values, are rows of their own', () => {
    tf.tidy(() => {
      const rows = normal<tf.Rank.R2>('rows', [300, 40]);
      const find = (of: tf.Tensor2D) =>
        nearestRows(normal('queries', [1100, of.shape[1]]), of).indices.dataSync();
      find(rows);
      const reshaped = tf.reshape(rows, [600, 20]) as tf.Tensor2D;
      expect(reshaped.dataId).toBe(rows.dataId);
      expect(find(reshaped)).toEqual(find(tf.add(reshaped, 0)));
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

  describe('once the rows are known, by sketches', () => {
    /** Rows that vary along few directions more than along others, far from 0 where `offset` is. */
    const varied = (name: string, count: number, offset: number) =>
      tf.tidy(() => {
        const scales = tf.exp(tf.mul(tf.range(0, 80), -0.1));
        return tf.add(tf.mul(normal(name, [count, 80]), scales), offset) as tf.Tensor2D;
      });

    test.each([
      { offset: 0, k: 1 },
      { offset: 0, k: 5 },
      { offset: 20, k: 2 },
    ])('finds what comparing all finds, around $offset, k = $k', async ({ offset, k }) => {
      const rows = varied('rows', 300, offset);
      // The first call makes them known; each has queries of its own, of which the last are rows themselves.
      for (const call of [1, 2, 3]) {
        const queries = tf.concat([varied(`queries ${call}`, 1030, offset), tf.slice(rows, 0, 7)]);
        const found = nearestRows(queries, rows, { k });
        const all = tf.tidy(() => {
          const apart = tf.sub(tf.expandDims(queries, 1), tf.expandDims(rows, 0));
          const { values, indices } = tf.topk(tf.neg(tf.sum(tf.square(apart), 2)), k);
          return { distances: tf.sqrt(tf.neg(values)), indices };
        });
        expect(await found.indices.data()).toEqual(await all.indices.data());
        const distances = await found.distances.data();
        (await all.distances.data()).forEach((distance, i) => {
          expect(Math.abs(distances[i] - distance)).toBeLessThan(1e-5);
        });
        expect(distances[1030 * k]).toBe(0);
        tf.dispose([queries, found, all]);
      }
      rows.dispose();
    });

    test('nothing is written outside, a query that is no number has no distance, and no tensor is left', async () => {
      const rows = varied('rows', 130, 0);
      tf.dispose(nearestRows(varied('many', 1025, 0), rows));
      await expectInBounds(() => {
        const { distances, indices } = nearestRows(varied('q', 131, 0), rows, { k: 3 });
        return [distances, indices];
      });
      const lost = tf.fill([1, 80], Number.NaN) as tf.Tensor2D;
      const { distances, indices } = await expectNoLeak(() => nearestRows(lost, rows), 2);
      expect(distances.dataSync()[0]).toBeNaN();
      expect(indices.dataSync()[0]).toBe(0);
    });

    test('of equal rows the lower one is found', () => {
      const some = varied('rows', 100, 0);
      const rows = tf.concat([some, some]);
      tf.dispose(nearestRows(varied('many', 1025, 0), rows));
      const { distances, indices } = nearestRows(tf.slice(some, 40, 1), rows, { k: 2 });
      expect([...indices.dataSync()]).toEqual([40, 140]);
      expect([...distances.dataSync()]).toEqual([0, 0]);
    });
  });
});
