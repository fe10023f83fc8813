import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  ProgressiveNeighborhoodScheduler,
  selectAnchors,
} from '../../src/core/neighborhood-scheduler.js';
import { findNeighborhoods } from '../../src/core/neighborhoods.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf, differenceOf, entropy, nearestRows, type Rows, unitRows } from './naive.js';

async function find(rows: Rows, options: Parameters<typeof findNeighborhoods>[1]) {
  const bank = tf.tensor2d(rows);
  const found = await expectNoLeak(() => findNeighborhoods(bank, options));
  bank.dispose();
  return { ...found, neighbors: found.neighbors.map((row) => Array.from(row)) };
}

/** A tight cluster, and rows far from everything. */
function polluted(): { bank: Rows; isolated: number[] } {
  const axis = (i: number) => Array.from({ length: 12 }, (_, j) => Number(i === j));
  const noise = unitRows(20, 12, 4);
  const cluster = noise.map((row) => {
    const near = axis(0).map((value, i) => value + 0.3 * row[i] * Number(i < 8));
    return near.map((value) => value / Math.hypot(...near));
  });
  return { bank: [...cluster, axis(9), axis(10), axis(11)], isolated: [20, 21, 22] };
}

describeOnBackends('findNeighborhoods', () => {
  // Around the block size of 8, and past the 256 queries that are looked at at a time.
  it.each([1, 2, 7, 8, 9, 16, 17, 260])('of %d rows equals the loop', async (size) => {
    const bank = unitRows(size, 6, size);
    for (const entropyIncludesSelf of [false, true])
      for (const temperature of size > 100 ? [0.1] : [1, 0.1, 0.01]) {
        const options = { temperature, entropyIncludesSelf, neighborhoodSize: 3, blockSize: 8 };
        const { entropies, neighbors } = await find(bank, options);
        const rows = bank.map((_, i) => i);
        const expected = rows.map((i) => entropy(bank, i, temperature, entropyIncludesSelf));
        expect(differenceOf(entropies, expected)).toBeLessThan(1e-5 + 1e-6 / temperature);
        expect(neighbors).toEqual(rows.map((i) => nearestRows(bank, i, Math.min(3, size - 1))));
      }
  });

  it('ties go to the lower row, within a block and across blocks', async () => {
    // Dot products of one-hot rows are exact, so these are true ties.
    const hot = (i: number) => Array.from({ length: 4 }, (_, j) => Number(i === j));
    const bank = [0, 1, 0, 2, 0, 1, 0, 3, 0].map(hot);
    for (const blockSize of [1, 2, 3, 4, 9, 100]) {
      const { neighbors } = await find(bank, { neighborhoodSize: 6, blockSize });
      expect(neighbors[4]).toEqual([0, 2, 6, 8, 1, 3]);
      expect(neighbors[1]).toEqual([5, 0, 2, 3, 4, 6]);
      expect(neighbors[7]).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  it('closed forms: equal rows, and a bank twice over', async () => {
    const [row] = unitRows(1, 5, 1);
    const equal = Array.from({ length: 9 }, () => row);
    const without = await find(equal, { blockSize: 4 });
    expect(differenceOf(without.entropies, Array(9).fill(Math.log(8)))).toBeLessThan(1e-5);
    const withSelf = await find(equal, { blockSize: 4, entropyIncludesSelf: true });
    expect(differenceOf(withSelf.entropies, Array(9).fill(Math.log(9)))).toBeLessThan(1e-5);
    const bank = unitRows(7, 5, 2);
    const once = await find(bank, { entropyIncludesSelf: true });
    const twice = await find([...bank, ...bank], { entropyIncludesSelf: true, blockSize: 4 });
    const more = [...once.entropies, ...once.entropies].map((value) => value + Math.LN2);
    expect(differenceOf(twice.entropies, more)).toBeLessThan(1e-5);
  });

  it('does not depend on the order of the bank', async () => {
    const bank = unitRows(11, 5, 3);
    const order = Array.from(new RandomStream(2).permutation(11));
    const one = await find(bank, { neighborhoodSize: 4, blockSize: 4 });
    const other = await find(
      order.map((row) => bank[row]),
      { neighborhoodSize: 4, blockSize: 4 },
    );
    order.forEach((row, place) => {
      expect(other.entropies[place]).toBeCloseTo(one.entropies[row], 5);
      expect(other.neighbors[place].map((there) => order[there])).toEqual(one.neighbors[row]);
    });
  });

  it('picks isolated rows first where the own row counts, and last where it does not', async () => {
    const { bank, isolated } = polluted();
    const firstOf = async (entropyIncludesSelf: boolean, count: number) => {
      const { entropies } = await find(bank, { entropyIncludesSelf });
      return selectAnchors(entropies, count).flatMap((anchor, row) => (anchor ? [row] : []));
    };
    expect(await firstOf(true, 3)).toEqual(isolated);
    expect(await firstOf(false, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

describe('selectAnchors', () => {
  it('takes the lowest entropies, ties to the lower row', () => {
    const picked = (count: number) => selectAnchors([2, 1, 3, 1, 1], count).map(Number);
    expect(picked(0)).toEqual([0, 0, 0, 0, 0]);
    expect(picked(1)).toEqual([0, 1, 0, 0, 0]);
    expect(picked(2)).toEqual([0, 1, 0, 1, 0]);
    expect(picked(3)).toEqual([0, 1, 0, 1, 1]);
    expect(picked(4)).toEqual([1, 1, 0, 1, 1]);
    expect(picked(5)).toEqual([1, 1, 1, 1, 1]);
    for (const count of [-1, 6, 1.5])
      expect(codeOf(() => selectAnchors([1, 2], count))).toBe('INVALID_OPTION');
  });

  it('refuses an entropy that is not finite, and names it', () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, undefined as never])
      expect(() => selectAnchors([1, odd, 2], 1)).toThrow(
        new RegExp(`entropies\\[1\\] is ${odd}; .*\\[NOT_FINITE\\]$`),
      );
  });
});

describeOnBackends('ProgressiveNeighborhoodScheduler', () => {
  it('makes round(N r / R) rows anchors, half up', () => {
    const counts = (size: number, rounds: number) => {
      const scheduler = new ProgressiveNeighborhoodScheduler({ rounds });
      return Array.from({ length: rounds + 1 }, (_, round) => scheduler.anchorCount(size, round));
    };
    expect(counts(5, 2)).toEqual([0, 3, 5]); // 2.5 up
    expect(counts(10, 4)).toEqual([0, 3, 5, 8, 10]); // 2.5 and 7.5 up
    expect(counts(803, 5)).toEqual([0, 161, 321, 482, 642, 803]);
    expect(counts(3, 10)).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
    expect(counts(7, 0)).toEqual([0]);
  });

  it('selects from the bank as it stands, and holds nothing itself', async () => {
    const rows = unitRows(9, 5, 1);
    const bank = tf.tensor2d(rows);
    const scheduler = new ProgressiveNeighborhoodScheduler({ rounds: 2, neighborhoodSize: 2 });
    await expectNoLeak(async () => {
      const [second, first, none] = [
        await scheduler.select(bank, 2),
        await scheduler.select({ rows: bank }, 1),
        await scheduler.select(bank, 0),
      ];
      expect([none, first, second].map(({ anchors }) => anchors.filter(Boolean).length)).toEqual([
        0, 5, 9,
      ]);
      expect([none, first, second].map(({ round }) => round)).toEqual([0, 1, 2]);
      const entropies = rows.map((_, i) => entropy(rows, i, 0.1, false));
      expect(first.anchors).toEqual(selectAnchors(entropies, 5));
      expect(first.neighbors.map((row) => Array.from(row))).toEqual(
        rows.map((_, i) => nearestRows(rows, i, 2)),
      );
    });
    bank.dispose();
  });

  it('refuses rounds that do not exist, and a bank that has diverged', async () => {
    const bank = tf.tensor2d(unitRows(4, 3, 1));
    const scheduler = new ProgressiveNeighborhoodScheduler({ rounds: 2 });
    for (const round of [-1, 3, 1.5])
      await expect(scheduler.select(bank, round)).rejects.toThrow(/round .*\[INVALID_OPTION\]$/);
    for (const rounds of [-1, 1.5])
      expect(codeOf(() => new ProgressiveNeighborhoodScheduler({ rounds }))).toBe('INVALID_OPTION');
    for (const options of [{ temperature: 0 }, { neighborhoodSize: -1 }, { blockSize: 0 }])
      await expect(findNeighborhoods(bank, options)).rejects.toThrow(/\[INVALID_OPTION\]$/);
    const misspelt = { neighbourhoodSize: 2 } as object;
    await expect(findNeighborhoods(bank, misspelt)).rejects.toThrow(/\[UNKNOWN_OPTION\]$/);
    expect(codeOf(() => new ProgressiveNeighborhoodScheduler(misspelt))).toBe('UNKNOWN_OPTION');
    await expect(findNeighborhoods(undefined as never)).rejects.toThrow(/\[INVALID_OPTION\]$/);
    await expect(scheduler.select({} as never, 1)).rejects.toThrow(/bank .*\[INVALID_OPTION\]$/);
    const vector = tf.ones([4]) as unknown as tf.Tensor2D;
    await expect(findNeighborhoods(vector)).rejects.toThrow(/\[SHAPE_MISMATCH\]$/);
    const empty = tf.zeros<tf.Rank.R2>([0, 3]);
    await expect(findNeighborhoods(empty)).rejects.toThrow(/\[EMPTY_SET\]$/);
    const [broken] = [
      tf.tensor2d([
        [1, 0],
        [Number.NaN, 0],
        [0, 1],
      ]),
    ];
    await expectNoLeak(() =>
      expect(scheduler.select(broken, 1)).rejects.toThrow(
        /^ProgressiveNeighborhoodScheduler.select: entropies\[[01]\] is NaN.*diverged.*\[NOT_FINITE\]$/,
      ),
    );
    tf.dispose([bank, broken, vector, empty]);
  });
});
