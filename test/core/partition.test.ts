import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { aggregationLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { logMass, logPartition } from '../../src/core/partition.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { BATCH, DIM, problem } from './loss-problems.js';
import { codeOf, differenceOf, dot, numbersOf, type Rows } from './naive.js';

/** log sum_{j in set} exp(m_j . z / tau), as a loop. */
const naive = (z: number[], bank: Rows, set: Iterable<number>, temperature: number) => {
  let sum = 0;
  for (const j of new Set(set)) sum += Math.exp(dot(bank[j], z) / temperature);
  return Math.log(sum);
};

/** sum_{j in set} q_j m_j / tau, with q the softmax over the set. */
const naiveGradient = (z: number[], bank: Rows, set: Iterable<number>, temperature: number) => {
  const rows = [...new Set(set)];
  const weights = rows.map((j) => Math.exp((dot(bank[j], z) - 1) / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  return z.map((_, d) =>
    rows.reduce((sum, j, i) => sum + (weights[i] / total / temperature) * bank[j][d], 0),
  );
};

describeOnBackends('logPartition and logMass', () => {
  describe.each([1, 7, 8, 9, 17])('a bank of %d rows in blocks of 8', (size) => {
    const p = problem(size);
    const everyRow = p.bank.map((_, j) => j);
    const members = p.neighbors;

    it.each([1, 0.1, 0.02])('equal the loop at temperature %f', async (temperature) => {
      await expectNoLeak(() => {
        const options = { temperature, blockSize: 8 };
        const partition = numbersOf([p.z, p.bank], (z, b) => logPartition(z, b, options));
        const mass = numbersOf([p.z, p.bank], (z, b) => logMass(z, b, members, options));
        const bound = 2e-6 + 1e-6 / temperature;
        const expected = p.z.map((z) => naive(z, p.bank, everyRow, temperature));
        expect(differenceOf(partition, expected)).toBeLessThan(bound);
        const sets = p.z.map((z, i) => naive(z, p.bank, members[i], temperature));
        expect(differenceOf(mass, sets)).toBeLessThan(bound);
      });
    });

    it('have the expectation of the softmax over tau as gradient', () => {
      const temperature = 0.2;
      const weights = [1, -2, 0.5, 3];
      const gradientOf = (operation: (z: tf.Tensor2D, bank: tf.Tensor2D) => tf.Tensor1D) =>
        numbersOf([p.z, p.bank], (z, b) =>
          tf.grad((x) => tf.sum(tf.mul(operation(x as tf.Tensor2D, b), weights)))(z),
        );
      const expected = (set: (i: number) => number[]) =>
        p.z.flatMap((z, i) =>
          naiveGradient(z, p.bank, set(i), temperature).map((value) => weights[i] * value),
        );
      const partition = gradientOf((z, b) => logPartition(z, b, { temperature, blockSize: 8 }));
      expect(
        differenceOf(
          partition,
          expected(() => everyRow),
        ),
      ).toBeLessThan(2e-5);
      const mass = gradientOf((z, b) => logMass(z, b, members, { temperature }));
      expect(
        differenceOf(
          mass,
          expected((i) => members[i]),
        ),
      ).toBeLessThan(2e-5);
    });
  });

  it('the mass of all rows is the partition; a row named three times counts once', () => {
    const p = problem(6);
    const all = p.z.map(() => [0, 1, 2, 3, 4, 5]);
    const partition = numbersOf([p.z, p.bank], (z, b) => logPartition(z, b));
    const whole = numbersOf([p.z, p.bank], (z, b) => logMass(z, b, all));
    expect(differenceOf(whole, partition)).toBeLessThan(5e-6);
    const repeated = all.map(() => [5, 2, 5, 5]);
    const plain = all.map(() => [2, 5]);
    const [three, one] = [repeated, plain].map((sets) =>
      numbersOf([p.z, p.bank], (z, b) => logMass(z, b, sets)),
    );
    expect(differenceOf(three, one)).toBeLessThan(5e-6);
  });

  it('their difference is Eq. 1 over the own row, Eq. 2 over the neighbourhood', () => {
    const p = problem(11);
    const { rows, neighbors } = p;
    const difference = (sets: number[][]) =>
      numbersOf([p.z, p.bank], (z, b) => tf.sub(logPartition(z, b), logMass(z, b, sets)));
    const own = numbersOf([p.z, p.bank], (z, b) => sampleSpecificLoss(z, b, { rows }));
    expect(differenceOf(difference(rows.map((row) => [row])), own)).toBeLessThan(1e-6);
    const around = numbersOf([p.z, p.bank], (z, b) =>
      aggregationLoss(z, b, { rows, neighbors, includeSelf: false }),
    );
    expect(differenceOf(difference(neighbors), around)).toBeLessThan(1e-6);
  });

  it('refuse what does not fit, naming the call and the entry', async () => {
    const p = problem(9);
    const message = (work: (z: tf.Tensor2D, bank: tf.Tensor2D) => unknown) => {
      try {
        tf.tidy(() => void work(tf.tensor2d(p.z), tf.tensor2d(p.bank)));
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing was thrown';
    };
    await expectNoLeak(() => {
      expect(message((z, b) => logMass(z, b, [[1], [2], [9], [0]]))).toMatch(
        /^logMass: members\[2\]\[0\] is 9 .*\[INDEX_OUT_OF_RANGE\]$/,
      );
      expect(message((z, b) => logMass(z, b, [[1]]))).toMatch(
        /^logMass: members has 1 entries for 4 embeddings.*\[SHAPE_MISMATCH\]$/,
      );
      expect(message((z, b) => logMass(z, b, [[1], [2, 3], [4], [5]]))).toMatch(
        /^logMass: members\[1\] has 2 entries .*\[SHAPE_MISMATCH\]$/,
      );
      expect(message((z, b) => logMass(z, b, [[], [], [], []]))).toMatch(
        /^logMass: members\[0\] is empty.*\[INVALID_OPTION\]$/,
      );
      expect(message((z, b) => logPartition(z, b, { temperature: 2 }))).toMatch(
        /^logPartition: temperature is 2.*\[INVALID_OPTION\]$/,
      );
      expect(message((z, b) => logPartition(z, b, { rows: [1] } as object))).toMatch(
        /^logPartition: unknown option 'rows'.*\[UNKNOWN_OPTION\]$/,
      );
    });
    expect(await codeOf(() => logPartition(tf.zeros([BATCH, DIM]), tf.zeros([0, DIM])))).toBe(
      'EMPTY_SET',
    );
  });
});
