import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { findNeighborhoods } from '../../src/core/neighborhoods.js';
import { expectNoLeak } from '../support/backends.js';
import { differenceOf, entropy, nearestRows, unitRows } from './naive.js';

/** A backend's own look at neighbourhoods, on the backend that `use` makes current, against the loop. */
export function neighborCases(use: () => Promise<void>): void {
  // Around blocks of 16 and 64 rows, and past the 256 queries that are looked at at a time.
  it.each([
    [1, 5],
    [2, 3],
    [15, 4],
    [17, 6],
    [64, 7],
    [65, 9],
    [260, 8],
  ])('%d rows of %d', async (size, dim) => {
    await use();
    const bank = unitRows(size, dim, size);
    const rows = tf.tensor2d(bank);
    for (const entropyIncludesSelf of [false, true])
      for (const temperature of size > 100 ? [0.1] : [1, 0.1, 0.01])
        for (const neighborhoodSize of [0, 1, 10]) {
          const options = { temperature, entropyIncludesSelf, neighborhoodSize };
          const found = await expectNoLeak(() => findNeighborhoods(rows, options));
          const expected = bank.map((_, i) => entropy(bank, i, temperature, entropyIncludesSelf));
          expect(differenceOf(found.entropies, expected)).toBeLessThan(1e-5 + 1e-6 / temperature);
          const k = Math.min(neighborhoodSize, size - 1);
          expect(found.neighbors.map((row) => Array.from(row))).toEqual(
            bank.map((_, i) => nearestRows(bank, i, k)),
          );
        }
    rows.dispose();
  });

  it('of equal rows the lower ones are neighbours, the own one is not', async () => {
    await use();
    const [a, b] = unitRows(2, 6, 7);
    const bank = Array.from({ length: 150 }, (_, row) => (row % 3 === 1 ? a : b));
    const rows = tf.tensor2d(bank);
    const { neighbors } = await findNeighborhoods(rows, { neighborhoodSize: 20 });
    rows.dispose();
    bank.forEach((row, at) => {
      const alike = bank.flatMap((other, i) => (other === row && i !== at ? [i] : []));
      expect(Array.from(neighbors[at])).toEqual(alike.slice(0, 20));
    });
  });
}
