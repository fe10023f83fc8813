import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitThreshold } from '../../src/core/calibration.js';
import {
  spreadOf,
  standardizedBy,
  standardizedByOthers,
  sumOf,
} from '../../src/core/combined-score.js';
import { combinedScore } from '../../src/index.js';
import { RandomStream } from '../../src/support/random.js';
import { codeOf } from './naive.js';

describe('combinedScore', () => {
  it('sums terms in standard deviations of the normals', () => {
    // Means 2 and 5, standard deviations 1 and 2 (divided by the count).
    const angles = { scores: [2, 4, 1], normals: [1, 3] };
    const errors = { scores: [7, 5, 3], normals: Float32Array.of(3, 7) };
    expect(Array.from(combinedScore([angles]))).toEqual([0, 2, -1]);
    expect(Array.from(combinedScore([angles, errors]))).toEqual([1, 2, -2]);
    expect(combinedScore([{ scores: [], normals: [1, 2] }])).toHaveLength(0);
  });

  it('does not depend on the unit of a term', () => {
    const scores = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(scores, scores, fc.integer({ min: 1, max: 9 }), (a, b, unit) => {
        const normals = [-3, 1, 4];
        const scaled = (values: readonly number[]) => values.map((value) => unit * value + 11);
        const plain = combinedScore([
          { scores: a, normals },
          { scores: b, normals },
        ]);
        const other = combinedScore([
          { scores: scaled(a), normals: scaled(normals) },
          { scores: b, normals },
        ]);
        for (let i = 0; i < 3; i++) expect(other[i]).toBeCloseTo(plain[i], 4);
      }),
    );
  });

  it('refuses what it cannot measure', async () => {
    const term = { scores: [1, 2], normals: [1, 3] };
    const cases: [string, Parameters<typeof combinedScore>[0]][] = [
      ['EMPTY_SET', []],
      ['EMPTY_SET', [term, { ...term, normals: [] }]],
      ['LABELS_MISMATCH', [term, { ...term, scores: [1] }]],
      ['NOT_FINITE', [{ ...term, scores: [1, Number.NaN] }]],
      ['NOT_FINITE', [{ ...term, normals: [1, Number.POSITIVE_INFINITY] }]],
      ['INVALID_OPTION', [{ ...term, normals: [2, 2] }]],
      // Their mean is not .1 to the last bit.
      ['INVALID_OPTION', [{ ...term, normals: [0.1, 0.1, 0.1] }]],
      ['INVALID_OPTION', [{ ...term, normals: [1e-200, 2e-200] }]],
      ['INVALID_OPTION', [{ ...term, normals: [1e308, 1e308, -1e308] }]],
    ];
    for (const [code, terms] of cases) expect(await codeOf(() => combinedScore(terms))).toBe(code);
    expect(() => combinedScore([term, { ...term, normals: [2, 2] }])).toThrow(
      'combinedScore: terms[1].normals has 2 entries of standard deviation 0',
    );
  });
});

describe('standardizedByOthers', () => {
  it('takes mean and deviation of all but the score itself', () => {
    // Of 1: 3, 8 (mean 5.5, deviation 2.5); of 3: 1, 8 (4.5, 3.5); of 8: 1, 3 (2, 1).
    const [a, b, c] = standardizedByOthers([1, 3, 8]);
    expect([a, b, c]).toEqual([-4.5 / 2.5, -1.5 / 3.5, expect.closeTo(6, 12)]);
  });

  it('is the naive loop, whatever the scores', () => {
    const score = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(score, { minLength: 3, maxLength: 20 }), (normals) => {
        const others = (own: number) => normals.filter((_, i) => i !== own);
        if (normals.some((_, own) => new Set(others(own)).size < 2)) return;
        Array.from(standardizedByOthers(normals)).forEach((found, own) => {
          const [expected] = standardizedBy(spreadOf('x', 'y', others(own)), [normals[own]]);
          expect(Math.abs(found - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
        });
      }),
    );
  });

  it('is finite where the others are alike, and where one holds nearly all of the spread', () => {
    expect(Array.from(standardizedByOthers([2, 2, 2, 6])).every(Number.isFinite)).toBe(true);
    expect(Array.from(standardizedByOthers([5]))).toEqual([5]);
    // Of 1e9: 1, 2, 3 have the mean 2 and the deviation sqrt(2 / 3).
    const far = standardizedByOthers([1, 2, 3, 1e9])[3];
    expect(far / ((1e9 - 2) / Math.sqrt(2 / 3))).toBeCloseTo(1, 12);
  });

  it.each([
    ['log-normal', 20, (random: RandomStream) => Math.exp(random.gaussian())],
    ['log-normal', 50, (random: RandomStream) => Math.exp(random.gaussian())],
    ['normal', 20, (random: RandomStream) => random.gaussian()],
  ])(
    'keeps the promise of a sum of four %s terms of %d normals, which their own sums break',
    (kind, count, draw) => {
      const random = new RandomStream(4, ['sum', kind, count]);
      const alarms = { own: 0, others: 0 };
      const trials = 3000;
      const list = (size: number) => Array.from({ length: size }, () => draw(random));
      for (let trial = 0; trial < trials; trial++) {
        const normals = Array.from({ length: 4 }, () => list(count));
        const fresh = Array.from({ length: 4 }, () => list(10));
        const spreads = normals.map((term) => spreadOf('x', 'y', term));
        const scores = sumOf(fresh.map((term, i) => standardizedBy(spreads[i], term)));
        const own = fitThreshold(sumOf(normals.map((term, i) => standardizedBy(spreads[i], term))));
        const others = fitThreshold(sumOf(normals.map(standardizedByOthers)));
        for (const score of scores) {
          if (score >= own.value) alarms.own += 0.1 / trials;
          if (score >= others.value) alarms.others += 0.1 / trials;
        }
      }
      // Four standard errors of clustered draws are below .006; numpy gives .091, .056, .054 and .039, .035, .038.
      expect(alarms.others).toBeLessThan(0.05);
      expect(alarms.others).toBeGreaterThan(0.025);
      expect(alarms.own).toBeGreaterThan(alarms.others + 0.01);
      if (kind === 'log-normal' && count === 20) expect(alarms.own).toBeGreaterThan(0.08);
    },
  );
});
