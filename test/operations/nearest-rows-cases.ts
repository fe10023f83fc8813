import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { nearestRows } from '../../src/operations/nearest-rows.js';
import { RandomStream } from '../../src/support/random.js';
import { expectNoLeak } from '../support/backends.js';

/** Numbers around an offset that is far from 0, where a product alone loses the differences. */
function numbers(name: string, count: number, offset: number): Float32Array {
  const random = new RandomStream(3, [name]);
  return Float32Array.from({ length: count }, () => offset + random.gaussian());
}

/** The k nearest rows of each query, by a plain loop in float64. */
function naive(queries: Float32Array, rows: Float32Array, dim: number, k: number) {
  const found = Array.from({ length: queries.length / dim }, (_, q) =>
    Array.from({ length: rows.length / dim }, (_, row) => {
      let sum = 0;
      for (let i = 0; i < dim; i++) sum += (queries[q * dim + i] - rows[row * dim + i]) ** 2;
      return { row, distance: Math.sqrt(sum) };
    })
      .sort((a, b) => a.distance - b.distance || a.row - b.row)
      .slice(0, k),
  );
  return {
    distances: found.map((near) => near.map(({ distance }) => distance)),
    indices: found.map((near) => near.map(({ row }) => row)),
  };
}

/** A backend's own search of the nearest rows, against the loop. */
export function nearestRowsCases(): void {
  describe.each([
    { batch: 1, size: 1, dim: 1, k: 1, offset: 0 },
    { batch: 5, size: 40, dim: 7, k: 3, offset: 0 },
    { batch: 9, size: 33, dim: 12, k: 33, offset: 0 },
    { batch: 300, size: 50, dim: 4, k: 1, offset: 0 },
    { batch: 20, size: 60, dim: 9, k: 2, offset: 30 },
  ])('$batch x $size x $dim, k = $k, around $offset', ({ batch, size, dim, k, offset }) => {
    const queryNumbers = numbers('queries', batch * dim, offset);
    const rowNumbers = numbers('rows', size * dim, offset);
    const expected = naive(queryNumbers, rowNumbers, dim, k);

    test.each([undefined, 16])('finds what a loop finds, blocks of %s', async (blockSize) => {
      const queries = tf.tensor2d(queryNumbers, [batch, dim]);
      const rows = tf.tensor2d(rowNumbers, [size, dim]);
      const found = await expectNoLeak(() => nearestRows(queries, rows, { k, blockSize }), 2);
      expect(found.indices.dtype).toBe('int32');
      expect(found.indices.arraySync()).toEqual(expected.indices);
      const distances = found.distances.arraySync();
      expected.distances.forEach((row, q) => {
        row.forEach((distance, j) => {
          expect(Math.abs(distances[q][j] - distance)).toBeLessThan(1e-5 * distance + 1e-7);
        });
      });
      tf.dispose([queries, rows, found.distances, found.indices]);
    });
  });

  test('a row itself is at distance 0, and one beside it at its small distance', () => {
    const row = numbers('row', 20, 50);
    const beside = row.map((value, i) => (i === 4 ? value + 2 ** -10 : value));
    const rows = tf.tensor2d(new Float32Array([...numbers('other', 20, 50), ...row]), [2, 20]);
    const queries = tf.tensor2d(new Float32Array([...row, ...beside]), [2, 20]);
    const { distances, indices } = nearestRows(queries, rows);
    expect(indices.arraySync()).toEqual([[1], [1]]);
    expect(distances.arraySync()).toEqual([[0], [2 ** -10]]);
    tf.dispose([rows, queries, distances, indices]);
  });

  test('of equal rows the lower one is found', () => {
    const rows = tf.tensor2d([
      [5, 5],
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    const queries = tf.tensor2d([[1, 3]]);
    const { distances, indices } = nearestRows(queries, rows, { k: 2 });
    expect(indices.arraySync()).toEqual([[1, 2]]);
    expect(distances.arraySync()).toEqual([[1, 1]]);
    tf.dispose([rows, queries, distances, indices]);
  });

  test('a query that is not a number has no distance, and spares the others', () => {
    const rows = tf.tensor2d([
      [0, 0],
      [3, 4],
    ]);
    const queries = tf.tensor2d([
      [Number.NaN, 1],
      [0, 1],
    ]);
    const { distances, indices } = nearestRows(queries, rows);
    const [[lost], [found]] = distances.arraySync();
    expect(lost).toBeNaN();
    expect(found).toBe(1);
    const [[anyRow], [row]] = indices.arraySync();
    expect([0, 1]).toContain(anyRow);
    expect(row).toBe(0);
    tf.dispose([rows, queries, distances, indices]);
  });
}
