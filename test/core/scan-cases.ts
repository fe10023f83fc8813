import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type BankAnglesOptions, bankAngles } from '../../src/core/bank-angles.js';
import { RandomStream } from '../../src/support/random.js';
import { expectNoLeak } from '../support/backends.js';
import { differenceOf, dot, type Rows, unitRows } from './naive.js';

const angle = (u: number[], v: number[]) =>
  2 *
  Math.atan2(
    Math.hypot(...u.map((value, i) => value - v[i])),
    Math.hypot(...u.map((value, i) => value + v[i])),
  );

/** Rows kept, nearest first, ties to the lower row. */
function ranked(z: number[], bank: Rows, keep: (row: number) => boolean): number[] {
  const cosines = bank.map((row) => Math.fround(dot(row, z)));
  const rows = bank.map((_, row) => row).filter(keep);
  return rows.sort((a, b) => cosines[b] - cosines[a] || a - b);
}

async function found(z: Rows, bank: Rows, options: BankAnglesOptions) {
  const tensors = [tf.tensor2d(z), tf.tensor2d(bank)];
  const { scoreNeighbors, ...angles } = bankAngles(tensors[0], tensors[1], options);
  const values = {
    nearest: Array.from(angles.nearest.dataSync()),
    indices: Array.from(angles.indices.dataSync()),
    total: Array.from(angles.total.dataSync()),
    scoreNeighbors,
  };
  tf.dispose([angles.nearest, angles.indices, angles.total, angles.kept, ...tensors]);
  return values;
}

/** A backend's own scan of the bank, on the backend that `use` makes current, against the loop. */
export function scanCases(use: () => Promise<void>): void {
  const sizes: [batch: number, size: number, dim: number][] = [
    [1, 1, 1],
    [1, 2, 3],
    [3, 15, 4],
    [4, 16, 5],
    [8, 17, 6],
    [9, 63, 7],
    [5, 64, 8],
    [2, 65, 13],
    [17, 200, 24],
  ];
  it.each(sizes)('%d queries over %d rows of %d', async (batch, size, dim) => {
    await use();
    const [z, bank] = [unitRows(batch, dim, 1), unitRows(size, dim, 2)];
    const random = new RandomStream(size);
    const discard = bank.map((_, row) => row > 0 && random.uniform() < 0.4);
    const ownRows = z.map(() => random.integer(size + 1) - 1);
    const masks: BankAnglesOptions[] = [{}, { discard }];
    if (size > 1) masks.push({ ownRows });
    if (discard.filter((out) => !out).length > 1) masks.push({ ownRows, discard });
    for (const mask of masks)
      for (const blockSize of [undefined, 16, 33])
        for (const k of [1, 7, size]) {
          const skips = (i: number) => (row: number) =>
            !(mask.discard && discard[row]) && !(mask.ownRows && ownRows[i] === row);
          const { nearest, indices, total, scoreNeighbors } = await expectNoLeak(() =>
            found(z, bank, { scoreNeighbors: k, blockSize, ...mask }),
          );
          const lists = z.map((row, i) => ranked(row, bank, skips(i)));
          expect(scoreNeighbors).toBe(Math.min(k, ...lists.map((list) => list.length)));
          const near = lists.flatMap((list) => list.slice(0, scoreNeighbors));
          const sums = lists.map((list, i) =>
            list.reduce((sum, row) => sum + angle(z[i], bank[row]), 0),
          );
          const angles = near.map((row, at) =>
            angle(z[Math.floor(at / scoreNeighbors)], bank[row]),
          );
          if (dim > 3) expect(indices).toEqual(near);
          expect(differenceOf(nearest, angles)).toBeLessThan(2e-6);
          expect(differenceOf(total, sums)).toBeLessThan(3e-6 * size);
        }
  });

  it('of equal rows the lower ones are nearest, in order, in whatever block they lie', async () => {
    await use();
    const [a, b] = unitRows(2, 6, 7);
    const bank = Array.from({ length: 150 }, (_, row) => (row % 3 === 1 ? a : b));
    const nearest = bank.flatMap((row, at) => (row === a ? [at] : []));
    for (const blockSize of [undefined, 16, 64]) {
      const options = { scoreNeighbors: 20, blockSize };
      expect((await found([a], bank, options)).indices).toEqual(nearest.slice(0, 20));
      const own = await found([a], bank, { ...options, ownRows: [nearest[3]] });
      expect(own.indices).toEqual(nearest.filter((_, i) => i !== 3).slice(0, 20));
      const discard = bank.map((_, row) => row === nearest[0] || row === nearest[19]);
      const kept = nearest.filter((row) => !discard[row]).slice(0, 20);
      expect((await found([a], bank, { ...options, discard })).indices).toEqual(kept);
      // More of them than are alike.
      const many = (await found([a], bank, { scoreNeighbors: 60, blockSize })).indices;
      const others = bank.flatMap((row, at) => (row === b ? [at] : []));
      expect(many).toEqual([...nearest, ...others].slice(0, 60));
    }
  });

  it('an arc cosine is within 4e-7, from 0 to 180 degrees', async () => {
    await use();
    const degrees = Array.from({ length: 181 }, (_, degree) => degree);
    // Two rows at one angle on either side of a query: one is nearest, the other enters by its cosine.
    for (const degree of degrees) {
      const radians = (degree * Math.PI) / 180;
      const [c, s] = [Math.cos(radians), Math.sin(radians)].map(Math.fround);
      const bank = [
        [c, s],
        [c, -s],
      ];
      const { nearest, total } = await found([[1, 0]], bank, { scoreNeighbors: 1 });
      expect(Math.abs(total[0] - nearest[0] - Math.acos(c))).toBeLessThan(
        4e-7 * Math.max(1, total[0]),
      );
    }
  });

  it('cosines beyond 1, of rows that rounding made too long, count as 1', async () => {
    await use();
    const long = [1 + 2 ** -20, 0];
    const bank = [...Array.from({ length: 40 }, () => long), [-long[0], 0]];
    const { nearest, total } = await found([long], bank, { scoreNeighbors: 2 });
    expect(nearest).toEqual([0, 0]);
    expect(Math.abs(total[0] - Math.PI)).toBeLessThan(1e-6);
  });

  it('an embedding of length 0 is at a right angle to every row', async () => {
    await use();
    const { nearest } = await found([[0, 0, 0]], unitRows(6, 3, 1), { scoreNeighbors: 4 });
    for (const radians of nearest) expect(radians).toBeCloseTo(Math.PI / 2, 6);
  });

  it('of no queries finds nothing', async () => {
    await use();
    const shapes = tf.tidy(() => {
      const bank = tf.tensor2d(unitRows(20, 4, 1));
      const { nearest, total } = bankAngles(tf.zeros([0, 4]), bank, { scoreNeighbors: 3 });
      return [nearest.shape, total.shape];
    });
    expect(shapes).toEqual([[0, 3], [0]]);
  });
}
