import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { aggregationLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { BATCH, DIM, type Form, forms, naive, optionsOf, problem } from './loss-problems.js';
import { differenceOf, numbersOf, type Rows, unitRows } from './naive.js';

describeOnBackends('losses', () => {
  // Around the block size of 8: one row, a row less, all, a row more, two blocks, and the like.
  describe.each([1, 2, 7, 8, 9, 15, 16, 17, 40])('a bank of %d rows in blocks of 8', (size) => {
    it.each(forms)('$name equals the loop', async (form) => {
      const p = problem(size);
      for (const temperature of [1, 0.1, 0.01]) {
        await expectNoLeak(() => {
          const options = { ...optionsOf(form, p), temperature, blockSize: 8 };
          const found = numbersOf([p.z, p.bank], (z, bank) => form.loss(z, bank, options));
          // A logit of 1/temperature carries a rounding error of 1e-7 of itself.
          expect(differenceOf(found, naive(form, p, p.z, temperature))).toBeLessThan(
            2e-6 + 1e-6 / temperature,
          );
          for (const value of found) expect(value).toBeGreaterThanOrEqual(0);
        });
      }
    });
  });

  it.each(forms)('the gradient of $name equals finite differences', (form) => {
    const p = problem(17);
    const weights = [1, -2, 0.5, 3];
    for (const temperature of [0.5, 0.1]) {
      const options = { ...optionsOf(form, p), temperature, blockSize: 8 };
      const gradient = numbersOf([p.z, p.bank], (z, bank) =>
        tf.grad((x) => tf.sum(tf.mul(form.loss(x as tf.Tensor2D, bank, options), weights)))(z),
      );
      const total = (z: Rows) =>
        naive(form, p, z, temperature).reduce((sum, value, i) => sum + weights[i] * value, 0);
      const step = 1e-5;
      const moved = (i: number, j: number, by: number) =>
        p.z.map((row, a) => row.map((value, b) => (a === i && b === j ? value + by : value)));
      const expected = p.z.flatMap((row, i) =>
        row.map((_, j) => (total(moved(i, j, step)) - total(moved(i, j, -step))) / (2 * step)),
      );
      expect(differenceOf(gradient, expected)).toBeLessThan(2e-5 / temperature);
    }
  });

  it.each(forms)('$name of embeddings that are NaN is NaN, so that divergence is seen', (form) => {
    const p = problem(9);
    const losses = numbersOf([p.z, p.bank], (z, bank) => {
      const nan = tf.mul(z, tf.div(tf.scalar(0), 0)) as tf.Tensor2D;
      return form.loss(nan, bank, optionsOf(form, p));
    });
    expect(losses).toEqual(Array(BATCH).fill(Number.NaN));
  });

  it.each(forms)('$name of no embeddings is no loss', (form) => {
    const p = problem(9);
    const empty = { ...p, rows: [], neighbors: [], anchors: [] };
    const losses = numbersOf([p.bank], (bank) =>
      form.loss(tf.zeros([0, DIM]), bank, optionsOf(form, empty)),
    );
    expect(losses).toEqual([]);
  });

  it('the bank is a constant: no gradient flows through it', () => {
    const p = problem(9);
    const loss = (bank: tf.Tensor) =>
      tf.sum(sampleSpecificLoss(tf.tensor2d(p.z), bank as tf.Tensor2D, { rows: p.rows }));
    expect(() => tf.tidy(() => tf.grad(loss)(tf.tensor2d(p.bank)))).toThrow(
      /Cannot compute gradient/,
    );
  });

  it('closed forms: a bank of one direction', () => {
    const size = 12;
    const [row] = unitRows(1, DIM, 3);
    const bank = Array.from({ length: size }, () => row);
    const p = {
      ...problem(size),
      bank,
      neighbors: [
        [1, 2],
        [5, 6],
        [7, 8],
        [9, 10],
      ],
      rows: [0, 4, 3, 11],
    };
    const of = (form: Form) =>
      numbersOf([p.z, bank], (z, b) => form.loss(z, b, { ...optionsOf(form, p), blockSize: 5 }));
    const log = Math.log;
    // Every probability is 1/12; a set of three has 3/12, one of two 2/12.
    const expected = [
      [log(12), log(12), log(12), log(12)],
      [log(4), log(4), log(4), log(4)],
      [log(6), log(6), log(6), log(6)],
      [log(4), log(12), log(4), log(12)],
      [log(4) + log(12), log(12), log(4) + log(12), log(12)],
      [log(6) + log(12), log(12), log(6) + log(12), log(12)],
    ];
    forms.forEach((form, i) => {
      expect(differenceOf(of(form), expected[i]), form.name).toBeLessThan(2e-6);
    });
  });

  it('closed forms: the whole bank as the set costs nothing, and pulls nowhere', () => {
    const p = problem(4);
    const options = {
      rows: [0, 1, 2, 3],
      neighbors: [0, 1, 2, 3].map((i) => [0, 1, 2, 3].filter((j) => j !== i)),
    };
    const loss = (z: tf.Tensor, bank: tf.Tensor2D) =>
      aggregationLoss(z as tf.Tensor2D, bank, options);
    expect(differenceOf(numbersOf([p.z, p.bank], loss), [0, 0, 0, 0])).toBeLessThan(2e-6);
    const gradient = numbersOf([p.z, p.bank], (z, bank) =>
      tf.grad((x) => tf.sum(loss(x, bank)))(z),
    );
    expect(differenceOf(gradient, Array(BATCH * DIM).fill(0))).toBeLessThan(1e-5);
  });

  it('temperature 0.01: nothing overflows, also between opposite rows', () => {
    const [z] = unitRows(1, DIM, 5);
    const bank = [z, z.map((value) => -value), ...unitRows(3, DIM, 6)];
    const options = { temperature: 0.01, blockSize: 2 };
    const near = numbersOf([[z], bank], (q, b) =>
      sampleSpecificLoss(q, b, { rows: [0], ...options }),
    );
    const far = numbersOf([[z], bank], (q, b) =>
      sampleSpecificLoss(q, b, { rows: [1], ...options }),
    );
    expect(near[0]).toBeCloseTo(0, 4);
    // The logits of the row and its opposite are 2 / 0.01 apart.
    expect(far[0]).toBeCloseTo(200, 3);
  });

  it('keeps memory to O(batch x block), not to the bank', async () => {
    const size = 20_000;
    const bank = MemoryBank.random({ size, dim: 8, seed: 1 });
    const z = tf.tensor2d(unitRows(16, 8, 2));
    const rows = Array.from({ length: 16 }, (_, i) => 1000 * i);
    const options = { rows, neighbors: rows.map((row) => [row + 1, row + 2]), blockSize: 64 };
    const before = tf.memory().numBytes;
    let peak = 0;
    const profiled = await tf.profile(() =>
      tf.tidy(() => tf.grad((x) => tf.sum(aggregationLoss(x as tf.Tensor2D, bank, options)))(z)),
    );
    peak = profiled.peakBytes - before;
    tf.dispose([profiled.result as tf.Tensor, z]);
    bank.dispose();
    // All logits at once would be 16 x 20,000 floats; a dozen temporaries of a block are 49 KB.
    expect(peak).toBeGreaterThan(16 * 64 * 4);
    expect(peak).toBeLessThan((16 * size * 4) / 10);
  });

  it('leaves no tensor behind, the gradient included', async () => {
    const p = problem(17);
    for (const form of forms)
      await expectNoLeak(() => {
        const [z, bank] = [tf.tensor2d(p.z), tf.tensor2d(p.bank)];
        const options = { ...optionsOf(form, p), blockSize: 5 };
        const { value, grad } = tf.valueAndGrad((x) =>
          tf.sum(form.loss(x as tf.Tensor2D, bank, options)),
        )(z);
        const perSample = form.loss(z, bank, options);
        expect(perSample.shape).toEqual([BATCH]);
        tf.dispose([value, grad, perSample, z, bank]);
      });
  });
});
