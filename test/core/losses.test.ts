import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { aggregationLoss, latentLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf, differenceOf, numbersOf, type Rows, setLoss, unitRows } from './naive.js';

const BATCH = 4;
const DIM = 6;

/** A batch against a bank of `size` rows: slots, neighbours, anchors. */
function problem(size: number, seed = 1) {
  const random = new RandomStream(seed, ['problem', size]);
  const rows = Array.from({ length: BATCH }, () => random.integer(size));
  return {
    z: unitRows(BATCH, DIM, seed),
    bank: unitRows(size, DIM, seed + 1),
    rows,
    neighbors: rows.map((row) => [(row + 1) % size, (row + 2) % size, random.integer(size)]),
    anchors: [true, false, true, false],
  };
}

type Problem = ReturnType<typeof problem>;
type Loss = (z: tf.Tensor2D, bank: tf.Tensor2D, options: object) => tf.Tensor1D;
interface Form {
  readonly name: string;
  readonly loss: Loss;
  readonly options: object;
  /** The sets whose losses sample i pays. */
  readonly sets: (p: Problem, i: number) => number[][];
}

const self = (p: Problem, i: number) => [p.rows[i]];
const around = (p: Problem, i: number) => [p.rows[i], ...p.neighbors[i]];
const forms: Form[] = [
  {
    name: 'sampleSpecificLoss',
    loss: sampleSpecificLoss as Loss,
    options: {},
    sets: (p, i) => [self(p, i)],
  },
  {
    name: 'aggregationLoss',
    loss: aggregationLoss as Loss,
    options: {},
    sets: (p, i) => [around(p, i)],
  },
  {
    name: 'aggregationLoss without self',
    loss: aggregationLoss as Loss,
    options: { includeSelf: false },
    sets: (p, i) => [p.neighbors[i]],
  },
  {
    name: 'latentLoss',
    loss: latentLoss as Loss,
    options: {},
    sets: (p, i) => [p.anchors[i] ? around(p, i) : self(p, i)],
  },
  {
    name: 'latentLoss with overlap',
    loss: latentLoss as Loss,
    options: { overlap: true },
    sets: (p, i) => (p.anchors[i] ? [self(p, i), around(p, i)] : [self(p, i)]),
  },
  {
    name: 'latentLoss with overlap, without self',
    loss: latentLoss as Loss,
    options: { overlap: true, includeSelf: false },
    sets: (p, i) => (p.anchors[i] ? [self(p, i), p.neighbors[i]] : [self(p, i)]),
  },
];

const naive = (form: Form, p: Problem, z: Rows, temperature: number) =>
  z.map((row, i) =>
    form.sets(p, i).reduce((sum, set) => sum + setLoss(row, p.bank, set, temperature), 0),
  );

describeOnBackends('losses', () => {
  // Around the block size of 8: one row, a row less, all, a row more, two blocks, and the like.
  describe.each([1, 2, 7, 8, 9, 15, 16, 17, 40])('a bank of %d rows in blocks of 8', (size) => {
    it.each(forms)('$name equals the loop', async (form) => {
      const p = problem(size);
      for (const temperature of [1, 0.1, 0.01]) {
        await expectNoLeak(() => {
          const options = { ...p, ...form.options, temperature, blockSize: 8 };
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
      const options = { ...p, ...form.options, temperature, blockSize: 8 };
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

  it('the bank is a constant: no gradient flows through it', () => {
    const p = problem(9);
    const loss = (bank: tf.Tensor) =>
      tf.sum(sampleSpecificLoss(tf.tensor2d(p.z), bank as tf.Tensor2D, p));
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
      numbersOf([p.z, bank], (z, b) => form.loss(z, b, { ...p, ...form.options, blockSize: 5 }));
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
        form.loss(z, bank, { ...q, ...form.options, blockSize: 4 }),
      ),
    );
    expect(differenceOf(one, other)).toBeLessThan(5e-6);
  });

  it('a bank twice over costs ln 2 more, unless the set is twice as large too', () => {
    const p = problem(10);
    const twice = [...p.bank, ...p.bank];
    const specific = (bank: Rows) => numbersOf([p.z, bank], (z, b) => sampleSpecificLoss(z, b, p));
    const more = specific(p.bank).map((value) => value + Math.LN2);
    expect(differenceOf(specific(twice), more)).toBeLessThan(5e-6);
    const once = numbersOf([p.z, p.bank], (z, b) => aggregationLoss(z, b, p));
    const neighbors = p.neighbors.map((row, i) => [
      ...row,
      ...row.map((j) => j + 10),
      p.rows[i] + 10,
    ]);
    const both = numbersOf([p.z, twice], (z, b) => aggregationLoss(z, b, { ...p, neighbors }));
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
    const [one, other] = [p, { ...p, neighbors }].map((q) =>
      numbersOf([p.z, p.bank], (z, b) => latentLoss(z, b, q)),
    );
    expect(other).toEqual(one);
    const none = { ...p, anchors: [0, 0, 0, 0], neighbors: [] };
    const specific = numbersOf([p.z, p.bank], (z, b) => sampleSpecificLoss(z, b, p));
    expect(numbersOf([p.z, p.bank], (z, b) => latentLoss(z, b, none))).toEqual(specific);
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
        const options = { ...p, ...form.options, blockSize: 5 };
        const { value, grad } = tf.valueAndGrad((x) =>
          tf.sum(form.loss(x as tf.Tensor2D, bank, options)),
        )(z);
        const perSample = form.loss(z, bank, options);
        expect(perSample.shape).toEqual([BATCH]);
        tf.dispose([value, grad, perSample, z, bank]);
      });
  });
});

describe('losses refuse', () => {
  const p = problem(9);
  const cases: [string, string, (z: tf.Tensor2D, bank: tf.Tensor2D) => unknown][] = [
    [
      'another dim',
      'SHAPE_MISMATCH',
      (z, bank) => sampleSpecificLoss(tf.slice(z, [0, 0], [4, 5]), bank, p),
    ],
    [
      'fewer slots than embeddings',
      'SHAPE_MISMATCH',
      (z, bank) => sampleSpecificLoss(z, bank, { rows: [0] }),
    ],
    [
      'fewer neighbours than slots',
      'SHAPE_MISMATCH',
      (z, bank) => aggregationLoss(z, bank, { ...p, neighbors: [[1]] }),
    ],
    [
      'ragged neighbours',
      'SHAPE_MISMATCH',
      (z, bank) => aggregationLoss(z, bank, { ...p, neighbors: [[1], [1, 2], [1], [1]] }),
    ],
    [
      'fewer anchors than slots',
      'SHAPE_MISMATCH',
      (z, bank) => latentLoss(z, bank, { ...p, anchors: [1] }),
    ],
    [
      'a slot past the end',
      'INDEX_OUT_OF_RANGE',
      (z, bank) => sampleSpecificLoss(z, bank, { rows: [0, 1, 2, 9] }),
    ],
    [
      'a negative slot',
      'INDEX_OUT_OF_RANGE',
      (z, bank) => sampleSpecificLoss(z, bank, { rows: [0, 1, 2, -1] }),
    ],
    [
      'half a slot',
      'INDEX_OUT_OF_RANGE',
      (z, bank) => sampleSpecificLoss(z, bank, { rows: [0, 1, 2, 0.5] }),
    ],
    [
      'a slot that is no number',
      'INDEX_OUT_OF_RANGE',
      (z, bank) => sampleSpecificLoss(z, bank, { rows: [0, 1, 2, Number.NaN] }),
    ],
    [
      'a neighbour past the end',
      'INDEX_OUT_OF_RANGE',
      (z, bank) => aggregationLoss(z, bank, { ...p, neighbors: [[1], [2], [3], [9]] }),
    ],
    [
      'a temperature of 0',
      'INVALID_OPTION',
      (z, bank) => sampleSpecificLoss(z, bank, { ...p, temperature: 0 }),
    ],
    [
      'a temperature above 1',
      'INVALID_OPTION',
      (z, bank) => sampleSpecificLoss(z, bank, { ...p, temperature: 1.5 }),
    ],
    [
      'blocks of no rows',
      'INVALID_OPTION',
      (z, bank) => sampleSpecificLoss(z, bank, { ...p, blockSize: 0 }),
    ],
    [
      'empty sets',
      'INVALID_OPTION',
      (z, bank) =>
        aggregationLoss(z, bank, { ...p, neighbors: [[], [], [], []], includeSelf: false }),
    ],
    ['an empty bank', 'EMPTY_SET', (z) => sampleSpecificLoss(z, tf.zeros([0, DIM]), p)],
  ];
  it.each(cases)('%s', async (_, code, work) => {
    await expectNoLeak(() => {
      expect(tf.tidy(() => codeOf(() => work(tf.tensor2d(p.z), tf.tensor2d(p.bank))))).toBe(code);
    });
  });
});
