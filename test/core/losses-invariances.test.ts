import { expect, it } from 'vitest';
import { aggregationLoss, latentLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends } from '../support/backends.js';
import { forms, optionsOf, problem } from './loss-problems.js';
import { differenceOf, numbersOf, type Rows } from './naive.js';

describeOnBackends('losses', () => {
  it.each(forms)('$name does not depend on the order of the bank', (form) => {
    const p = problem(13);
    const order = Array.from(new RandomStream(8).permutation(13));
    const place = (row: number) => order.indexOf(row);
    const moved = {
      ...p,
      bank: order.map((row) => p.bank[row]),
      rows: p.rows.map(place),
      neighbors: p.neighbors.map((row) => row.map(place)),
    };
    const [one, other] = [p, moved].map((q) =>
      numbersOf([q.z, q.bank], (z, bank) =>
        form.loss(z, bank, { ...optionsOf(form, q), blockSize: 4 }),
      ),
    );
    expect(differenceOf(one, other)).toBeLessThan(5e-6);
  });

  it('a bank twice over costs ln 2 more, unless the set is twice as large too', () => {
    const p = problem(10);
    const { rows } = p;
    const twice = [...p.bank, ...p.bank];
    const specific = (bank: Rows) =>
      numbersOf([p.z, bank], (z, b) => sampleSpecificLoss(z, b, { rows: p.rows }));
    const more = specific(p.bank).map((value) => value + Math.LN2);
    expect(differenceOf(specific(twice), more)).toBeLessThan(5e-6);
    const once = numbersOf([p.z, p.bank], (z, b) =>
      aggregationLoss(z, b, { rows, neighbors: p.neighbors }),
    );
    const neighbors = p.neighbors.map((row, i) => [
      ...row,
      ...row.map((j) => j + 10),
      p.rows[i] + 10,
    ]);
    const both = numbersOf([p.z, twice], (z, b) => aggregationLoss(z, b, { rows, neighbors }));
    expect(differenceOf(both, once)).toBeLessThan(5e-6);
  });

  it('a neighbour named twice, or that is the slot itself, counts once', () => {
    const p = problem(10);
    const neighbors = p.rows.map((row) => [row, (row + 1) % 10, (row + 1) % 10]);
    const plain = p.rows.map((row) => [(row + 1) % 10]);
    const [one, other] = [neighbors, plain].map((n) =>
      numbersOf([p.z, p.bank], (z, b) => aggregationLoss(z, b, { rows: p.rows, neighbors: n })),
    );
    expect(differenceOf(one, other)).toBeLessThan(2e-6);
  });

  it('neighbours of samples that are no anchors change nothing', () => {
    const p = problem(10);
    const neighbors = p.neighbors.map((row, i) => (p.anchors[i] ? row : row.map(() => 9)));
    const { rows, anchors } = p;
    const [one, other] = [p.neighbors, neighbors].map((n) =>
      numbersOf([p.z, p.bank], (z, b) => latentLoss(z, b, { rows, anchors, neighbors: n })),
    );
    expect(other).toEqual(one);
    const none = { rows, anchors: [0, 0, 0, 0], neighbors: [] };
    const specific = numbersOf([p.z, p.bank], (z, b) => sampleSpecificLoss(z, b, { rows: p.rows }));
    expect(numbersOf([p.z, p.bank], (z, b) => latentLoss(z, b, none))).toEqual(specific);
  });
});
