import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anomalyScore, type ScoreMethod } from '../../src/core/anomaly-score.js';
import { type BankAnglesOptions, bankAngles } from '../../src/core/bank-angles.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { codeOf, unitRows } from './naive.js';

describe('anomalyScore refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const cases: [string, string, (z: tf.Tensor2D, bank: tf.Tensor2D) => unknown][] = [
    [
      'every row discarded',
      'NO_ROWS_KEPT',
      (z, bank) => anomalyScore(z, bank, { discard: [1, 1, 1] }),
    ],
    [
      'every row but the own one discarded',
      'NO_ROWS_KEPT',
      (z, bank) => anomalyScore(z, bank, { discard: [0, 1, 1], ownRows: [-1, 0] }),
    ],
    [
      'a discard of another length',
      'SHAPE_MISMATCH',
      (z, bank) => anomalyScore(z, bank, { discard: [1, 0] }),
    ],
    [
      'own rows of another length',
      'SHAPE_MISMATCH',
      (z, bank) => anomalyScore(z, bank, { ownRows: [0] }),
    ],
    [
      'an own row past the end',
      'INDEX_OUT_OF_RANGE',
      (z, bank) => anomalyScore(z, bank, { ownRows: [0, 3] }),
    ],
    [
      'an own row of -2',
      'INDEX_OUT_OF_RANGE',
      (z, bank) => anomalyScore(z, bank, { ownRows: [0, -2] }),
    ],
    ['K of 0', 'INVALID_OPTION', (z, bank) => anomalyScore(z, bank, { scoreNeighbors: 0 })],
    [
      'another method',
      'INVALID_OPTION',
      (z, bank) => anomalyScore(z, bank, { method: 'cosine' as ScoreMethod }),
    ],
    ['blocks of no rows', 'INVALID_OPTION', (z, bank) => anomalyScore(z, bank, { blockSize: 0 })],
    ['no embeddings', 'INVALID_OPTION', (_, bank) => anomalyScore(undefined as never, bank)],
    ['no bank', 'INVALID_OPTION', (z) => anomalyScore(z, undefined as never)],
    ['another dim', 'SHAPE_MISMATCH', (z) => anomalyScore(z, tf.ones([3, 5]))],
    ['an empty bank', 'EMPTY_SET', (z) => anomalyScore(z, tf.zeros([0, 4]))],
  ];
  it.each(cases)('%s', async (_, code, work) => {
    await expectNoLeak(() => {
      const tensors = [unitRows(2, 4, 1), unitRows(3, 4, 2)] as const;
      expect(
        tf.tidy(() => codeOf(() => work(tf.tensor2d(tensors[0]), tf.tensor2d(tensors[1])))),
      ).toBe(code);
    });
  });

  it('unknown options, with what they may have meant', () => {
    const misspelt = { scoreNeighbours: 2 } as BankAnglesOptions;
    for (const work of [anomalyScore, bankAngles])
      expect(() => tf.tidy(() => void work(tf.ones([3, 1]), tf.ones([2, 1]), misspelt))).toThrow(
        new RegExp(`^${work.name}: .*Did you mean 'scoreNeighbors'\\?.*\\[UNKNOWN_OPTION\\]$`),
      );
    const method = { method: 'angular' } as BankAnglesOptions;
    const work = () => tf.tidy(() => void bankAngles(tf.ones([3, 1]), tf.ones([2, 1]), method));
    expect(codeOf(work)).toBe('UNKNOWN_OPTION');
  });

  it('naming the position of an own row that is none', () => {
    const work = () =>
      tf.tidy(() => anomalyScore(tf.ones([3, 1]), tf.ones([2, 1]), { ownRows: [-1, 0, 5] }));
    expect(work).toThrow(/ownRows\[2\] is 5/);
  });
});
