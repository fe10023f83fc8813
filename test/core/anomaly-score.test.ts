import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { anomalyScore, type ScoreMethod } from '../../src/core/anomaly-score.js';
import { type BankAnglesOptions, bankAngles } from '../../src/core/bank-angles.js';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { RandomStream } from '../../src/support/random.js';
import type { SaladWarning } from '../../src/support/warning.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { differenceOf, numbersOf, type Rows, scoresOf, unitRows } from './naive.js';

const methods: ScoreMethod[] = ['relative', 'angular'];

function score(z: Rows, bank: Rows, options: BankAnglesOptions & { method?: ScoreMethod } = {}) {
  return numbersOf([z, bank], (q, rows) => anomalyScore(q, rows, options).scores);
}

describeOnBackends('anomalyScore', () => {
  // Around the block size of 8.
  it.each([1, 2, 7, 8, 9, 16, 17, 40])('over %d rows equals the loop', async (size) => {
    const z = unitRows(5, 6, 1);
    const bank = unitRows(size, 6, 2);
    const random = new RandomStream(size);
    const discard = bank.map((_, row) => row > 0 && random.uniform() < 0.4);
    const ownRows = z.map(() => random.integer(size + 1) - 1);
    for (const k of [1, 3, size])
      for (const method of methods)
        for (const [masks, skips] of [
          [{}, () => false],
          [{ discard }, (row: number) => discard[row]],
          ...(size > 1
            ? [[{ ownRows }, (row: number, i: number) => row === ownRows[i]] as const]
            : []),
        ] as [BankAnglesOptions, (row: number, i: number) => boolean][]) {
          await expectNoLeak(() => {
            const kept = z.map((_, i) => bank.filter((_, row) => !skips(row, i)).length);
            const inForce = Math.min(k, ...kept);
            const found = score(z, bank, { method, scoreNeighbors: k, blockSize: 8, ...masks });
            const expected = z.map(
              (row, i) => scoresOf(row, bank, inForce, (at) => !skips(at, i))[method],
            );
            expect(differenceOf(found, expected)).toBeLessThan(1e-5);
          });
        }
  });

  it.each(methods)('%s lies in [0, 1], whatever comes', (method) => {
    for (let seed = 0; seed < 20; seed++) {
      const bank = unitRows(9, 3, seed);
      const z = [...unitRows(3, 3, seed + 50), bank[0], bank[0].map((value) => -value)];
      for (const value of score(z, bank, { method, scoreNeighbors: 2 })) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each(methods)('%s does not depend on the order of the bank', (method) => {
    const [z, bank] = [unitRows(4, 6, 1), unitRows(13, 6, 2)];
    const moved = Array.from(new RandomStream(3).permutation(13), (row) => bank[row]);
    const options = { method, scoreNeighbors: 3, blockSize: 5 };
    expect(differenceOf(score(z, moved, options), score(z, bank, options))).toBeLessThan(1e-6);
  });

  it.each(methods)('%s of a bank twice over at twice the K is the same', (method) => {
    const [z, bank] = [unitRows(4, 6, 1), unitRows(13, 6, 2)];
    const once = score(z, bank, { method, scoreNeighbors: 3 });
    const twice = score(z, [...bank, ...bank], { method, scoreNeighbors: 6, blockSize: 5 });
    expect(differenceOf(twice, once)).toBeLessThan(1e-6);
  });

  it.each(methods)('%s with rows discarded equals a bank without them', (method) => {
    const [z, bank] = [unitRows(4, 6, 1), unitRows(17, 6, 2)];
    const discard = bank.map((_, row) => row % 3 === 2);
    const kept = bank.filter((_, row) => !discard[row]);
    const options = { method, scoreNeighbors: 4, blockSize: 5 };
    const masked = score(z, bank, { ...options, discard });
    expect(differenceOf(masked, score(z, kept, options))).toBeLessThan(1e-6);
    const typed = Uint8Array.from(discard, Number);
    expect(score(z, bank, { ...options, discard: typed })).toEqual(masked);
    // Some of them were among the nearest.
    expect(differenceOf(masked, score(z, bank, options))).toBeGreaterThan(1e-3);
  });

  it.each(methods)('%s with own rows left out equals a bank without each', (method) => {
    const bank = unitRows(9, 6, 2);
    const options = { method, scoreNeighbors: 3, blockSize: 4 };
    const own = score(bank, bank, { ...options, ownRows: bank.map((_, row) => row) });
    const alone = bank.map(
      (row, i) =>
        score(
          [row],
          bank.filter((_, at) => at !== i),
          options,
        )[0],
    );
    expect(differenceOf(own, alone)).toBeLessThan(1e-6);
    const none = score(bank, bank, { ...options, ownRows: bank.map(() => -1) });
    expect(none).toEqual(score(bank, bank, options));
  });

  it('closed forms in the plane', () => {
    const at = (degrees: number) => [
      Math.cos((degrees * Math.PI) / 180),
      Math.sin((degrees * Math.PI) / 180),
    ];
    const bank = [10, -30, 90, 180].map(at);
    // Angles from 0: 10, 30, 90, 180; the two nearest have mean 20, all have mean 310 / 4.
    const options = { scoreNeighbors: 2 };
    expect(score([at(0)], bank, options)[0]).toBeCloseTo((4 * 20) / 310, 6);
    expect(score([at(0)], bank, { ...options, method: 'angular' })[0]).toBeCloseTo(20 / 180, 6);
    const discard = [true, false, false, false];
    expect(score([at(0)], bank, { ...options, discard })[0]).toBeCloseTo((3 * 60) / 300, 6);
    const ownRows = [3];
    expect(score([at(0)], bank, { ...options, ownRows })[0]).toBeCloseTo((3 * 20) / 130, 6);
  });

  it('relative is 0 where every angle is 0, and 1 for all where K covers all rows', () => {
    const [row] = unitRows(1, 7, 1);
    const same = Array.from({ length: 6 }, () => row);
    for (const method of methods)
      expect(differenceOf(score([row], same, { method, scoreNeighbors: 2 }), [0])).toBeLessThan(
        1e-6,
      );
    const [z, bank] = [unitRows(4, 7, 2), unitRows(6, 7, 3)];
    expect(differenceOf(score(z, bank, { scoreNeighbors: 6 }), [1, 1, 1, 1])).toBeLessThan(1e-5);
    expect(differenceOf(score(z, [row], {}), [1, 1, 1, 1])).toBeLessThan(1e-5);
  });

  it('is exact near 0, where an arc cosine is not', () => {
    const angles = [1e-3, 1e-4, 1e-5];
    const bank = [
      [1, 0, 0],
      [0, 0, 1],
    ];
    const z = angles.map((angle) => [Math.cos(angle), Math.sin(angle), 0]);
    const found = score(z, bank, { method: 'angular', scoreNeighbors: 1 });
    angles.forEach((angle, i) => {
      expect(Math.abs((found[i] * Math.PI) / angle - 1)).toBeLessThan(1e-4);
    });
  });

  it('relative compares exact angles with exact angles', () => {
    // The arc cosine of a float32 cosine makes 3.45e-4 of 3e-4.
    const near = [Math.cos(3e-4), Math.sin(3e-4), 0];
    const axis = [1, 0, 0];
    expect(score([near], [axis], { scoreNeighbors: 1 })[0]).toBeCloseTo(1, 6);
    const two = score([near], [axis, [0, 0, 1]], { scoreNeighbors: 1 });
    expect(Math.abs(two[0] / ((2 * 3e-4) / (3e-4 + Math.PI / 2)) - 1)).toBeLessThan(1e-3);
  });

  it('relative is 1 where K covers all rows, also of embeddings that have collapsed', () => {
    const collapsed = (count: number, seed: number) =>
      unitRows(count, 6, seed).map((row) => {
        const moved = row.map((value, i) => 1e-4 * value + Number(i === 0));
        return moved.map((value) => value / Math.hypot(...moved));
      });
    const [z, bank] = [collapsed(5, 1), collapsed(40, 2)];
    for (const scoreNeighbors of [40, 100])
      for (const blockSize of [7, 4096]) {
        const found = score(z, bank, { scoreNeighbors, blockSize });
        expect(differenceOf(found, Array(5).fill(1))).toBeLessThan(1e-6);
      }
    // Rows of one direction, of which the own one is left out for some: still 1, and never below 0.
    const ownRows = [0, -1, 2, -1, 4];
    for (const value of score(z, bank, { scoreNeighbors: 39, ownRows })) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });

  it('gives no NaN where the rows are the queries themselves', () => {
    // Nearly half of these self-products exceed 1 in float32.
    const rows = unitRows(200, 24, 5);
    for (const method of methods) {
      const found = score(rows, rows, { method, scoreNeighbors: 1, blockSize: 64 });
      expect(found.every(Number.isFinite)).toBe(true);
      expect(Math.max(...found)).toBeLessThan(1e-6);
    }
  });

  it('finds the nearest rows, ties to the lower one', async () => {
    const [a, b, c] = unitRows(3, 6, 7);
    for (const blockSize of [1, 2, 3, 100]) {
      await expectNoLeak(async () => {
        const [z, bank] = [tf.tensor2d([a]), tf.tensor2d([b, a, c, a, b, a])];
        const angles = bankAngles(z, bank, {
          scoreNeighbors: 3,
          blockSize,
          discard: [0, 0, 0, 0, 1, 0],
        });
        expect(await angles.indices.array()).toEqual([[1, 3, 5]]);
        expect(await angles.kept.array()).toEqual([5]);
        expect(angles.scoreNeighbors).toBe(3);
        tf.dispose([angles.nearest, angles.indices, angles.total, angles.kept, z, bank]);
      });
    }
  });

  it('clamps K to the rows kept, says so, and returns the K in force', async () => {
    await expectNoLeak(() => {
      const warnings: SaladWarning[] = [];
      const onWarning = (warning: SaladWarning) => void warnings.push(warning);
      const [z, bank] = [tf.tensor2d(unitRows(2, 4, 1)), tf.tensor2d(unitRows(6, 4, 2))];
      const inForce = (options: BankAnglesOptions) => {
        warnings.length = 0;
        const { scores, scoreNeighbors } = anomalyScore(z, bank, { ...options, onWarning });
        scores.dispose();
        return [scoreNeighbors, ...warnings.map(({ code }) => code)];
      };
      const discard = [1, 0, 0, 0, 0, 0];
      expect(inForce({ scoreNeighbors: 3 })).toEqual([3]);
      expect(inForce({ scoreNeighbors: 6 })).toEqual([6, 'SCORE_IS_CONSTANT']);
      const clamped = ['SCORE_NEIGHBORS_CLAMPED', 'SCORE_IS_CONSTANT'];
      expect(inForce({})).toEqual([6, ...clamped]);
      expect(warnings[0].message).toContain('scoreNeighbors is 100 but only 6 rows are kept');
      expect(inForce({ scoreNeighbors: 6, discard })).toEqual([5, ...clamped]);
      expect(inForce({ scoreNeighbors: 6, discard, ownRows: [-1, 2] })).toEqual([4, ...clamped]);
      expect(inForce({ scoreNeighbors: 6, discard, ownRows: [-1, 0] })).toEqual([5, ...clamped]);
      tf.dispose([z, bank]);
    });
  });

  it('keeps memory to O(batch x block), not to the bank', async () => {
    const size = 20_000;
    const bank = MemoryBank.random({ size, dim: 8, seed: 1 });
    const z = tf.tensor2d(unitRows(16, 8, 2));
    const before = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(() =>
      tf.tidy(() => {
        anomalyScore(z, bank, { scoreNeighbors: 5, blockSize: 64, discard: new Uint8Array(size) });
      }),
    );
    expect(peakBytes - before).toBeGreaterThan(16 * 64 * 4);
    expect(peakBytes - before).toBeLessThan((16 * size * 4) / 10);
    z.dispose();
    bank.dispose();
  });
});
