import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinedScore } from '../../src/index.js';
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
