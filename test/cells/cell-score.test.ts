import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type CellReading, cellScore } from '../../src/cells/cell-score.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf } from '../support/code-of.js';

describeOnBackends('cellScore', () => {
  it.each<[CellReading, number, number]>([
    ['mean', (1 + 5 + 3 + 2 + 4) / 5, 0.2],
    ['max', 5, 1],
    [{ topShare: 0.4 }, (5 + 4) / 2, 0.5],
    [{ topShare: 0.5 }, (5 + 4 + 3) / 3, 1 / 3],
    [{ topShare: 0.01 }, 5, 1],
    [{ topShare: 1 }, 3, 0.2],
  ])('reads %j', async (reading, first, second) => {
    const distances = tf.tensor2d([
      [1, 5, 3, 2, 4],
      [0, 0, 0, 1, 0],
    ]);
    const scores = await expectNoLeak(() => cellScore(distances, reading), 1);
    const found = scores.dataSync();
    expect(found[0]).toBeCloseTo(first, 6);
    expect(found[1]).toBeCloseTo(second, 6);
    tf.dispose([distances, scores]);
  });

  it.each<CellReading>(['mean', 'max', { topShare: 0.5 }])(
    'is NaN by %j where a distance is',
    (reading) => {
      const distances = tf.tensor2d([
        [9, Number.NaN, 1, 2],
        [1, 2, 3, 4],
      ]);
      const scores = cellScore(distances, reading);
      const [damaged, sound] = scores.dataSync();
      expect(damaged).toBeNaN();
      expect(sound).toBeGreaterThan(0);
      tf.dispose([distances, scores]);
    },
  );

  it('refuses other readings and shapes', () => {
    const distances = tf.ones<tf.Rank.R2>([2, 3]);
    const by = (reading: unknown) => codeOf(() => cellScore(distances, reading as CellReading));
    expect(by('median')).toBe('INVALID_OPTION');
    expect(by({ topShare: 0 })).toBe('INVALID_OPTION');
    expect(by({ topShare: 0.1, share: 1 })).toBe('INVALID_OPTION');
    expect(by(null)).toBe('INVALID_OPTION');
    expect(codeOf(() => cellScore(tf.zeros([0, 3])))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => cellScore([[1]] as never))).toBe('INVALID_OPTION');
    distances.dispose();
  });
});
