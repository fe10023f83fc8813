import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitScoreNormalizer, fitThreshold, normalizeScore } from '../../src/core/calibration.js';
import { checkEmbeddings } from '../../src/core/check-embeddings.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf, unitRows } from './naive.js';

describe('fitThreshold', () => {
  it('lies just above the order statistic of rank ceil((n + 1) q)', () => {
    const scores = [5, 1, 4, 2, 3];
    const { value, ...rest } = fitThreshold(scores, { quantile: 0.5 });
    // ceil(6 * .5) = 3, so that 3 of 6 places of a new normal are above.
    expect(value).toBe(3 + 2 ** -51);
    expect(rest).toEqual({
      quantile: 0.5,
      falseAlarmRate: 0.5,
      // The third of five: scipy's beta.ppf(.95, 3, 3).
      certifiedFalseAlarmRate: expect.closeTo(0.8107446225622291, 12),
      normalCount: 5,
    });
    const above = (score: number, threshold: number) => {
      expect(threshold).toBeGreaterThan(score);
      expect(threshold - score).toBeLessThan(1e-14 * Math.max(1, Math.abs(score)));
    };
    above(5, fitThreshold(scores, { quantile: 0.75 }).value);
    above(4, fitThreshold(scores, { quantile: 4 / 6 }).value);
    above(2, fitThreshold(Float32Array.of(2, 2, 2)).value);
    for (const score of [0, -0, -3, 1e-300, 7]) above(score, fitThreshold([score]).value);
    expect(scores).toEqual([5, 1, 4, 2, 3]);
  });

  it('says what few normals can promise: 1 / (n + 1) at the least', () => {
    const normals = (count: number) => Array.from({ length: count }, (_, i) => i);
    expect(fitThreshold(normals(5)).falseAlarmRate).toBe(1 / 6);
    expect(fitThreshold(normals(18)).falseAlarmRate).toBe(1 / 19);
    // 19 normals are the fewest for .05: 20 * .95 = 19.
    expect(fitThreshold(normals(19)).falseAlarmRate).toBeCloseTo(0.05, 12);
    expect(fitThreshold(normals(19)).value).toBeCloseTo(18, 12);
    expect(fitThreshold(normals(39)).value).toBeCloseTo(37, 12);
    expect(fitThreshold(normals(9), { quantile: 1 }).falseAlarmRate).toBe(1 / 10);
  });

  it.each([20, 50, 89, 200])('keeps its promise of 5%% on %d exchangeable normals', (count) => {
    const random = new RandomStream(1, ['promise', count]);
    const normals = (size: number) => Array.from({ length: size }, () => random.gaussian());
    let alarms = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      const { value } = fitThreshold(normals(count));
      for (const score of normals(10)) if (score >= value) alarms += 1;
    }
    // (n + 1 - k) / (n + 1) is expected, at most .05; three standard errors of clustered draws are below .005.
    const rank = Math.ceil((count + 1) * 0.95 - 1e-9);
    const rate = alarms / (10 * trials);
    expect(Math.abs(rate - (count + 1 - rank) / (count + 1))).toBeLessThan(0.005);
    expect((count + 1 - rank) / (count + 1)).toBeLessThanOrEqual(0.05);
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
