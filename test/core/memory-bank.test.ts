import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf, differenceOf, unitRows } from './naive.js';

const rowsOf = (bank: MemoryBank) => bank.rows.arraySync();
const unit = (row: number[]) => row.map((value) => value / Math.hypot(...row));
const mix = (old: number[], latest: number[], t: number) =>
  unit(old.map((value, i) => (1 - t) * value + t * latest[i]));

function bankOf(rows: number[][]): MemoryBank {
  const tensor = tf.tensor2d(rows);
  const bank = MemoryBank.from(tensor);
  tensor.dispose();
  return bank;
}

function update(bank: MemoryBank, rows: number[], z: number[][], momentum?: number): void {
  const tensor = tf.tensor2d(z);
  bank.update(rows, tensor, { momentum });
  tensor.dispose();
}

describeOnBackends('MemoryBank', () => {
  it('starts from random unit vectors, drawn from the seed', () => {
    const [one, same, other] = [7, 7, 8].map((seed) =>
      MemoryBank.random({ size: 50, dim: 9, seed }),
    );
    for (const row of rowsOf(one)) expect(Math.hypot(...row)).toBeCloseTo(1, 6);
    expect(rowsOf(same)).toEqual(rowsOf(one));
    expect(rowsOf(other)).not.toEqual(rowsOf(one));
    const mean =
      rowsOf(one)
        .flat()
        .reduce((a, b) => a + b, 0) / 450;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    for (const bank of [one, same, other]) bank.dispose();
  });

  it('moves a row by momentum, the weight of the new, and makes it unit again', async () => {
    const bank = unitRows(5, 4, 1);
    const z = unitRows(2, 4, 2);
    for (const t of [0, 0.25, 0.5, 1]) {
      await expectNoLeak(() => {
        const moved = bankOf(bank);
        update(moved, [3, 1], z, t);
        const expected = [bank[0], mix(bank[1], z[1], t), bank[2], mix(bank[3], z[0], t), bank[4]];
        expect(differenceOf(rowsOf(moved).flat(), expected.flat())).toBeLessThan(1e-6);
        moved.dispose();
      });
    }
    const byDefault = bankOf([[1, 0]]);
    update(byDefault, [0], [[0, 1]]);
    expect(differenceOf(rowsOf(byDefault)[0], [Math.SQRT1_2, Math.SQRT1_2])).toBeLessThan(1e-6);
    byDefault.dispose();
  });

  it('starts a slot that occurs twice from its old row both times, and keeps the last', () => {
    const bank = unitRows(4, 3, 1);
    const z = unitRows(4, 3, 2);
    const moved = bankOf(bank);
    update(moved, [2, 0, 2, 2], z, 0.5);
    const expected = [mix(bank[0], z[1], 0.5), bank[1], mix(bank[2], z[3], 0.5), bank[3]];
    expect(differenceOf(rowsOf(moved).flat(), expected.flat())).toBeLessThan(1e-6);
    moved.dispose();
  });

  it('keeps the old row where the new one would be shorter than 1e-6', () => {
    const bank = bankOf([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    update(
      bank,
      [0, 1],
      [
        [-1, 0],
        [0, -1],
      ],
      0.5,
    );
    expect(rowsOf(bank)).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    update(bank, [2], [[-1, 0.001]], 0.5);
    expect(rowsOf(bank)[2][1]).toBeGreaterThan(0.9);
    bank.dispose();
  });

  it('modifies neither the tensor it was made from, nor a clone, nor a copy of its rows', async () => {
    await expectNoLeak(() => {
      const start = unitRows(4, 3, 1);
      const tensor = tf.tensor2d(start);
      const alias = tensor.clone();
      const bank = MemoryBank.from(tensor);
      const copy = bank.clone();
      const borrowed = bank.rows.clone();
      update(bank, [0, 1, 2, 3], unitRows(4, 3, 2), 1);
      for (const untouched of [tensor, alias, copy.rows, borrowed])
        expect(differenceOf(untouched.dataSync(), start.flat())).toBe(0);
      update(copy, [1], unitRows(1, 3, 9), 1);
      expect(differenceOf(rowsOf(bank).flat(), unitRows(4, 3, 2).flat())).toBeLessThan(1e-6);
      tf.dispose([tensor, alias, borrowed]);
      bank.dispose();
      copy.dispose();
    });
  });

  it('appends rows as they are, and outlives the scope it was updated in', async () => {
    await expectNoLeak(() => {
      const bank = bankOf(unitRows(3, 4, 1));
      tf.tidy(() => {
        bank.append(tf.tensor2d(unitRows(2, 4, 2)));
        bank.update([4], tf.tensor2d(unitRows(1, 4, 3)), { momentum: 1 });
      });
      const expected = [...unitRows(3, 4, 1), unitRows(2, 4, 2)[0], ...unitRows(1, 4, 3)];
      expect([bank.size, bank.dim]).toEqual([5, 4]);
      expect(differenceOf(rowsOf(bank).flat(), expected.flat())).toBeLessThan(1e-6);
      bank.dispose();
    });
  });

  it('refuses what does not fit, and leaves the rows as they were', async () => {
    await expectNoLeak(() => {
      const bank = bankOf(unitRows(3, 4, 1));
      const z = tf.tensor2d(unitRows(2, 4, 2));
      const wide = tf.tensor2d(unitRows(2, 5, 2));
      const none = tf.zeros<tf.Rank.R2>([0, 4]);
      expect(codeOf(() => bank.update([0], z))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => bank.update([0, 1], wide))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => bank.append(wide))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => MemoryBank.from(none))).toBe('SHAPE_MISMATCH');
      for (const row of [3, -1, 0.5, Number.NaN])
        expect(codeOf(() => bank.update([0, row], z))).toBe('INDEX_OUT_OF_RANGE');
      for (const momentum of [-0.1, 1.1, Number.NaN])
        expect(codeOf(() => bank.update([0, 1], z, { momentum }))).toBe('INVALID_OPTION');
      const misspelt = { momentun: 1, sed: 7 } as object;
      expect(codeOf(() => bank.update([0, 1], z, misspelt))).toBe('UNKNOWN_OPTION');
      const random = { size: 3, dim: 3, ...misspelt };
      expect(codeOf(() => MemoryBank.random(random))).toBe('UNKNOWN_OPTION');
      for (const work of [
        () => bank.update([0], undefined as never),
        () => MemoryBank.from({} as never),
      ])
        expect(codeOf(work)).toBe('INVALID_OPTION');
      for (const size of [0, 1.5])
        expect(codeOf(() => MemoryBank.random({ size, dim: 3 }))).toBe('INVALID_OPTION');
      expect(differenceOf(rowsOf(bank).flat(), unitRows(3, 4, 1).flat())).toBe(0);
      bank.dispose();
      expect(codeOf(() => bank.rows)).toBe('DISPOSED');
      tf.dispose([z, wide, none]);
    });
  });
});
