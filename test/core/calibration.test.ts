import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitScoreNormalizer, fitThreshold, normalizeScore } from '../../src/core/calibration.js';
import { checkEmbeddings } from '../../src/core/check-embeddings.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf, unitRows } from './naive.js';

describe('fitThreshold', () => {
  it('is the quantile of the normals, between order statistics', () => {
    const scores = [5, 1, 4, 2, 3];
    expect(fitThreshold(scores, { quantile: 0.5 })).toEqual({
      value: 3,
      quantile: 0.5,
      normalCount: 5,
    });
    expect(fitThreshold(scores, { quantile: 0.75 }).value).toBe(4);
    expect(fitThreshold(scores, { quantile: 1 }).value).toBe(5);
    // .95 of the way over four gaps is .8 into the last.
    expect(fitThreshold(scores).value).toBeCloseTo(4.8, 12);
    expect(fitThreshold([7]).value).toBe(7);
    expect(fitThreshold(Float32Array.of(2, 2, 2)).value).toBe(2);
    expect(scores).toEqual([5, 1, 4, 2, 3]);
  });

  it('refuses no scores, scores that are none, and other quantiles', () => {
    expect(codeOf(() => fitThreshold([]))).toBe('EMPTY_SET');
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(codeOf(() => fitThreshold([1, bad, 2]))).toBe('NOT_FINITE');
    for (const quantile of [0, 1.1, Number.NaN])
      expect(codeOf(() => fitThreshold([1], { quantile }))).toBe('INVALID_OPTION');
  });
});

describe('normalizers', () => {
  it('empirical: the share of normals that score below', () => {
    const normalizer = fitScoreNormalizer([3, 1, 2, 2]);
    expect([0, 1, 1.5, 2, 2.5, 3, 4].map((score) => normalizeScore(normalizer, score))).toEqual([
      0, 0, 0.25, 0.25, 0.75, 0.75, 1,
    ]);
  });

  it('minMax: the place between the lowest and the highest normal, clamped', () => {
    const normalizer = fitScoreNormalizer([3, 1, 2], { method: 'minMax' });
    expect([0, 1, 1.5, 3, 9].map((score) => normalizeScore(normalizer, score))).toEqual([
      0, 0, 0.25, 1, 1,
    ]);
    const constant = fitScoreNormalizer([2, 2], { method: 'minMax' });
    expect([1, 2, 3].map((score) => normalizeScore(constant, score))).toEqual([0, 0, 1]);
  });

  it.each(['empirical', 'minMax'] as const)(
    '%s stays in [0, 1], rises, and survives JSON',
    (method) => {
      const score = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
      fc.assert(
        fc.property(
          fc.array(score, { minLength: 1, maxLength: 30 }),
          score,
          score,
          (normals, a, b) => {
            const normalizer = fitScoreNormalizer(normals, { method });
            const [low, high] = [Math.min(a, b), Math.max(a, b)].map((s) =>
              normalizeScore(normalizer, s),
            );
            expect(low).toBeGreaterThanOrEqual(0);
            expect(high).toBeLessThanOrEqual(1);
            expect(low).toBeLessThanOrEqual(high);
            expect(normalizeScore(JSON.parse(JSON.stringify(normalizer)), a)).toBe(
              normalizeScore(normalizer, a),
            );
          },
        ),
      );
      const normalizer = fitScoreNormalizer([1, 2], { method });
      expect(codeOf(() => normalizeScore(normalizer, Number.NaN))).toBe('NOT_FINITE');
    },
  );

  it('refuse no scores, scores that are none, and other methods', () => {
    expect(codeOf(() => fitScoreNormalizer([]))).toBe('EMPTY_SET');
    expect(codeOf(() => fitScoreNormalizer([Number.NaN]))).toBe('NOT_FINITE');
    expect(codeOf(() => fitScoreNormalizer([1], { method: 'rank' as 'empirical' }))).toBe(
      'INVALID_OPTION',
    );
  });
});

describeOnBackends('checkEmbeddings', () => {
  it('passes unit rows, and names the first row that is none', async () => {
    await expectNoLeak(async () => {
      const good = tf.tensor2d(unitRows(20, 30, 1));
      await checkEmbeddings(good);
      good.dispose();
    });
    const bad: [number[], string][] = [
      [[0, 0], '0'],
      [[3, 4], '5'],
      [[Number.NaN, 0], 'NaN'],
      [[Number.POSITIVE_INFINITY, 0], 'Infinity'],
    ];
    for (const [row, length] of bad) {
      await expectNoLeak(async () => {
        const rows = tf.tensor2d([[1, 0], [0.6, 0.8], row, [0, 0]]);
        await expect(checkEmbeddings(rows)).rejects.toThrow(
          new RegExp(`embedding of row 2 has length ${length};.*\\[INVALID_EMBEDDING\\]$`),
        );
        rows.dispose();
      });
    }
  });
});

describe('options of calibration', () => {
  it('are refused where unknown, naming the nearest', async () => {
    expect(() => fitThreshold([1, 2], { quantil: 0.5 } as never)).toThrow(
      /Did you mean 'quantile'/,
    );
    expect(await codeOf(() => fitScoreNormalizer([1, 2], { sort: 'x' } as never))).toBe(
      'UNKNOWN_OPTION',
    );
  });
});
