import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryBank } from '../../src/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { codeOf } from '../support/code-of.js';

beforeAll(() => useBackend('cpu'));

/** Vectors at these angles, in degrees. */
function bankAt(...degrees: number[]): MemoryBank {
  const rows = tf.tensor2d(
    degrees.map((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]),
  );
  const bank = MemoryBank.from(rows);
  rows.dispose();
  return bank;
}

describe('MemoryBank.coreset', () => {
  it('takes the row that is farthest from those taken so far', async () => {
    const bank = bankAt(0, 1, 50, 51, 100, 101);
    const chosen = await expectNoLeak(() => bank.coreset({ size: 3, seed: 1 }));
    // By hand: from any first one, an end of the other side comes next, then the middle.
    const [first, second, third] = Array.from(chosen, (row) => Math.floor(row / 2));
    expect(new Set([first, second, third])).toEqual(new Set([0, 1, 2]));
    expect(Math.abs(first - second)).toBe(first === 1 ? 1 : 2);
    bank.dispose();
  });

  it('is of the rows as they were, whatever an update does meanwhile', async () => {
    const bank = bankAt(0, 1, 50, 51, 100, 101);
    const expected = await bank.coreset({ size: 3, seed: 1 });
    const moved = bankAt(100, 100, 100, 1, 0, 50);
    await expectNoLeak(async () => {
      const found = bank.coreset({ size: 3, seed: 1 });
      bank.update([0, 1, 2, 3, 4, 5], moved.rows, { momentum: 1 });
      expect(await found).toEqual(expected);
    });
    expect(await bank.coreset({ size: 3, seed: 1 })).not.toEqual(expected);
    bank.dispose();
    moved.dispose();
  });

  it('takes a share of the rows that are kept, by their places in the bank', async () => {
    const bank = bankAt(0, 10, 20, 30, 40, 50, 60, 70);
    const discard = [1, 0, 1, 0, 0, 0, 0, 1];
    const chosen = await bank.coreset({ size: 0.4, discard, seed: 3 });
    expect(chosen.length).toBe(2);
    expect(Array.from(chosen).every((row) => !discard[row])).toBe(true);
    expect((await bank.coreset({ size: 1, discard })).length).toBe(5);
    expect([...(await bank.coreset({ size: 0.4, discard, seed: 3 }))]).toEqual([...chosen]);
    bank.dispose();
  });

  it('refuses what is neither a share nor a number, and a bank without a row to keep', async () => {
    const bank = bankAt(0, 10);
    expect(await codeOf(bank.coreset({ size: 0 }))).toBe('INVALID_OPTION');
    expect(await codeOf(bank.coreset({ size: 1.5 }))).toBe('INVALID_OPTION');
    expect(await codeOf(bank.coreset({ discard: [true] }))).toBe('SHAPE_MISMATCH');
    expect(await codeOf(bank.coreset({ discard: [true, true] }))).toBe('NO_ROWS_KEPT');
    bank.dispose();
    expect(await codeOf(bank.coreset())).toBe('DISPOSED');
  });
});
