import type * as tf from '@tensorflow/tfjs-core';
import { aggregationLoss, latentLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { RandomStream } from '../../src/support/random.js';
import { type Rows, setLoss, unitRows } from './naive.js';

// Problems for the losses over the bank, every form of them, and what a loop says of each.

export const BATCH = 4;
export const DIM = 6;

/** A batch against a bank of `size` rows: slots, neighbours, anchors. */
export function problem(size: number, seed = 1) {
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

export type Problem = ReturnType<typeof problem>;
type Loss = (z: tf.Tensor2D, bank: tf.Tensor2D, options: object) => tf.Tensor1D;
export interface Form {
  readonly name: string;
  readonly loss: Loss;
  readonly options: object;
  /** The parts of a problem that the loss takes as options. */
  readonly takes: readonly (keyof Problem)[];
  /** The sets whose losses sample i pays. */
  readonly sets: (p: Problem, i: number) => number[][];
}

const self = (p: Problem, i: number) => [p.rows[i]];
const around = (p: Problem, i: number) => [p.rows[i], ...p.neighbors[i]];
export const forms: Form[] = [
  {
    name: 'sampleSpecificLoss',
    loss: sampleSpecificLoss as Loss,
    options: {},
    takes: ['rows'],
    sets: (p, i) => [self(p, i)],
  },
  {
    name: 'aggregationLoss',
    loss: aggregationLoss as Loss,
    options: {},
    takes: ['rows', 'neighbors'],
    sets: (p, i) => [around(p, i)],
  },
  {
    name: 'aggregationLoss without self',
    loss: aggregationLoss as Loss,
    options: { includeSelf: false },
    takes: ['rows', 'neighbors'],
    sets: (p, i) => [p.neighbors[i]],
  },
  {
    name: 'latentLoss',
    loss: latentLoss as Loss,
    options: {},
    takes: ['rows', 'neighbors', 'anchors'],
    sets: (p, i) => [p.anchors[i] ? around(p, i) : self(p, i)],
  },
  {
    name: 'latentLoss with overlap',
    loss: latentLoss as Loss,
    options: { overlap: true },
    takes: ['rows', 'neighbors', 'anchors'],
    sets: (p, i) => (p.anchors[i] ? [self(p, i), around(p, i)] : [self(p, i)]),
  },
  {
    name: 'latentLoss with overlap, without self',
    loss: latentLoss as Loss,
    options: { overlap: true, includeSelf: false },
    takes: ['rows', 'neighbors', 'anchors'],
    sets: (p, i) => (p.anchors[i] ? [self(p, i), p.neighbors[i]] : [self(p, i)]),
  },
];

export const naive = (form: Form, p: Problem, z: Rows, temperature: number) =>
  z.map((row, i) =>
    form.sets(p, i).reduce((sum, set) => sum + setLoss(row, p.bank, set, temperature), 0),
  );

/** What a form of a loss is called with. */
export const optionsOf = (form: Form, p: Problem): object => ({
  ...Object.fromEntries(form.takes.map((name) => [name, p[name]])),
  ...form.options,
});
