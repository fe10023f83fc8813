import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { aggregationLoss, latentLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { DIM, problem } from './loss-problems.js';
import { codeOf } from './naive.js';

describe('losses refuse', () => {
  beforeAll(() => useBackend('cpu'));
  const p = problem(9);
  const { rows, neighbors } = p;
  const cases: [string, string, (z: tf.Tensor2D, bank: tf.Tensor2D) => unknown][] = [
    [
      'another dim',
      'SHAPE_MISMATCH',
      (z, bank) => sampleSpecificLoss(tf.slice(z, [0, 0], [4, 5]), bank, { rows }),
    ],
    [
      'fewer slots than embeddings',
      'SHAPE_MISMATCH',
      (z, bank) => sampleSpecificLoss(z, bank, { rows: [0] }),
    ],
    [
      'fewer neighbours than slots',
      'SHAPE_MISMATCH',
      (z, bank) => aggregationLoss(z, bank, { rows, neighbors: [[1]] }),
    ],
    [
      'ragged neighbours',
      'SHAPE_MISMATCH',
      (z, bank) => aggregationLoss(z, bank, { rows, neighbors: [[1], [1, 2], [1], [1]] }),
    ],
    [
      'fewer anchors than slots',
      'SHAPE_MISMATCH',
      (z, bank) => latentLoss(z, bank, { rows, neighbors, anchors: [1] }),
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
      (z, bank) => aggregationLoss(z, bank, { rows, neighbors: [[1], [2], [3], [9]] }),
    ],
    [
      'a neighbour past the end of a sample that is no anchor, beside one that is',
      'INDEX_OUT_OF_RANGE',
      (z, bank) =>
        latentLoss(z, bank, { rows, neighbors: [[1], [2], [3], [9]], anchors: [1, 0, 0, 0] }),
    ],
    [
      'a temperature of 0',
      'INVALID_OPTION',
      (z, bank) => sampleSpecificLoss(z, bank, { rows, temperature: 0 }),
    ],
    [
      'a temperature above 1',
      'INVALID_OPTION',
      (z, bank) => sampleSpecificLoss(z, bank, { rows, temperature: 1.5 }),
    ],
    [
      'blocks of no rows',
      'INVALID_OPTION',
      (z, bank) => sampleSpecificLoss(z, bank, { rows, blockSize: 0 }),
    ],
    [
      'empty sets',
      'INVALID_OPTION',
      (z, bank) =>
        aggregationLoss(z, bank, { rows, neighbors: [[], [], [], []], includeSelf: false }),
    ],
    [
      'anchors and neighbours where they do not count',
      'UNKNOWN_OPTION',
      (z, bank) => sampleSpecificLoss(z, bank, { rows, neighbors } as { rows: number[] }),
    ],
    [
      'a misspelt option of aggregation',
      'UNKNOWN_OPTION',
      (z, bank) => aggregationLoss(z, bank, { rows, neighbors, includeSlef: false } as never),
    ],
    [
      'a misspelt option of the latent loss',
      'UNKNOWN_OPTION',
      (z, bank) => latentLoss(z, bank, { rows, neighbors, anchors: rows, overlaps: true } as never),
    ],
    ['no options', 'INVALID_OPTION', (z, bank) => sampleSpecificLoss(z, bank, undefined as never)],
    ['no bank', 'INVALID_OPTION', (z) => sampleSpecificLoss(z, undefined as never, { rows })],
    [
      'no embeddings',
      'INVALID_OPTION',
      (_, bank) => aggregationLoss(undefined as never, bank, { rows, neighbors }),
    ],
    [
      'an array as a bank',
      'INVALID_OPTION',
      (z) => latentLoss(z, [[1]] as never, { rows, neighbors, anchors: rows }),
    ],
    ['an empty bank', 'EMPTY_SET', (z) => sampleSpecificLoss(z, tf.zeros([0, DIM]), { rows })],
  ];
  it('what is no tensor, saying what came and what was expected', () => {
    const none = undefined as never;
    expect(() => sampleSpecificLoss(none, tf.ones([2, 1]), { rows: [] })).toThrow(
      'sampleSpecificLoss: embeddings is undefined; expected a tensor [batch, dim]. [INVALID_OPTION]',
    );
    expect(() => sampleSpecificLoss(none, none, { rows: [] })).toThrow(
      'bank is undefined; expected a MemoryBank or a tensor [size, dim].',
    );
  });

  it('a row or neighbour that there is not, naming the call and the entry', () => {
    const said = (work: (z: tf.Tensor2D, bank: tf.Tensor2D) => unknown) => () =>
      tf.tidy(() => void work(tf.tensor2d(p.z), tf.tensor2d(p.bank)));
    const far = [[1], [2], [3], [9]];
    expect(said((z, b) => sampleSpecificLoss(z, b, { rows: [0, -1, 2, 3] }))).toThrow(
      /^sampleSpecificLoss: rows\[1\] is -1 /,
    );
    expect(said((z, b) => aggregationLoss(z, b, { rows, neighbors: far }))).toThrow(
      /^aggregationLoss: neighbors\[3\]\[0\] is 9 /,
    );
    const anchors = [1, 0, 0, 0];
    expect(said((z, b) => latentLoss(z, b, { rows, neighbors: far, anchors }))).toThrow(
      /^latentLoss: neighbors\[3\]\[0\] is 9 /,
    );
  });

  it.each(cases)('%s', async (_, code, work) => {
    await expectNoLeak(() => {
      expect(tf.tidy(() => codeOf(() => work(tf.tensor2d(p.z), tf.tensor2d(p.bank))))).toBe(code);
    });
  });
});

describe('losses refuse lists that are none', () => {
  beforeAll(() => useBackend('cpu'));
  const { z, bank, rows } = problem(9);
  const missing = undefined as never;
  const cases: [RegExp, (z: tf.Tensor2D, bank: tf.Tensor2D) => unknown][] = [
    [
      /^sampleSpecificLoss: rows is undefined;/,
      (q, b) => sampleSpecificLoss(q, b, { rows: missing }),
    ],
    [
      /^aggregationLoss: neighbors is undefined;/,
      (q, b) => aggregationLoss(q, b, { rows, neighbors: missing }),
    ],
    [
      /^aggregationLoss: neighbors\[0\] is 1;/,
      (q, b) => aggregationLoss(q, b, { rows, neighbors: [1, 2, 3, 4] as never }),
    ],
    [
      /^latentLoss: anchors is undefined;/,
      (q, b) => latentLoss(q, b, { rows, neighbors: [], anchors: missing }),
    ],
  ];
  it.each(cases)('%s', (message, work) => {
    expect(() => tf.tidy(() => void work(tf.tensor2d(z), tf.tensor2d(bank)))).toThrow(message);
    expect(tf.tidy(() => codeOf(() => work(tf.tensor2d(z), tf.tensor2d(bank))))).toBe(
      'INVALID_OPTION',
    );
  });
});
