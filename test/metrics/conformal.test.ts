import { describe, expect, it } from 'vitest';
import { conformal } from '../../src/metrics/index.js';
import expected from '../fixtures/conformal.json' with { type: 'json' };
import { codeOf } from '../support/code-of.js';

/** Each within 1e-12 of what it should be. */
function same(values: ArrayLike<number>, wanted: readonly number[]): void {
  expect(values.length).toBe(wanted.length);
  const off = Array.from(values, (value, i) => Math.abs(value - wanted[i]));
  expect(Math.max(...off)).toBeLessThanOrEqual(1e-12);
}

describe('conformal p-values', () => {
  it('are shares of n + 1, the image among the normals that score as high', () => {
    expect([...conformal.pValues([0.25, 0.4, 0.9, 0, Infinity], [0.3, 0.1, 0.4, 0.2])]).toEqual([
      3 / 5,
      2 / 5,
      1 / 5,
      1,
      1 / 5,
    ]);
    expect([...conformal.pValues([1, 2], [1, 1, 1])]).toEqual([1, 1 / 4]);
    expect(conformal.pValues([], [1])).toHaveLength(0);
  });

  it.each(expected.cases)('are those of nonconform 2.0 ($normals.length normals)', (one) => {
    same(conformal.pValues(one.scores, one.normals), one.pValues);
  });

  it('refuse what has no place among numbers', () => {
    expect(codeOf(() => conformal.pValues([1], []))).toBe('EMPTY_SET');
    expect(codeOf(() => conformal.pValues([1, Number.NaN], [1]))).toBe('NOT_FINITE');
    expect(codeOf(() => conformal.pValues([1], [Infinity]))).toBe('NOT_FINITE');
    expect(codeOf(() => conformal.pValues(0.3 as never, [1]))).toBe('INVALID_OPTION');
  });

  it('of n normals promise no less than 1 / (n + 1)', () => {
    expect(conformal.smallestPromise(19)).toBe(0.05);
    expect(Math.min(...conformal.pValues([99], [1, 2, 3]))).toBe(conformal.smallestPromise(3));
    expect(codeOf(() => conformal.smallestPromise(0))).toBe('INVALID_OPTION');
  });
});

describe('a selection at a false discovery rate', () => {
  it('steps up as Benjamini and Hochberg do', () => {
    // Their example of 1995, table 1: 15 values, at .05 the four smallest, though .0201 > .05 * 5 / 15.
    const published = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1,
    ];
    const { selected, restsOn } = conformal.benjaminiHochberg(published, 0.05);
    expect(selected.indexOf(false)).toBe(4);
    expect(selected.filter(Boolean)).toHaveLength(4);
    expect(restsOn).toMatch(/exchangeable with the validation normals/);
    // The third is above its own line, .05 * 1 / 3, and comes along with the largest.
    expect(conformal.benjaminiHochberg([0.049, 0.02, 0.04], 0.05).selected).toEqual([
      true,
      true,
      true,
    ]);
    expect(conformal.benjaminiHochberg([], 0.05).selected).toEqual([]);
  });

  it.each(expected.cases)('is that of nonconform 2.0 ($normals.length normals)', (one) => {
    same(conformal.benjaminiHochberg(one.pValues, 0.1).adjusted, one.adjusted);
    for (const [rate, images] of Object.entries(one.selected)) {
      const { selected } = conformal.benjaminiHochberg(
        conformal.pValues(one.scores, one.normals),
        Number(rate),
      );
      expect(selected.flatMap((yes, i) => (yes ? [i] : []))).toEqual(images);
    }
  });

  it('selects on the line, whatever rounding makes of it', () => {
    // k values of 1 / (n + 1) among k + 3: each adjusted value is the rate itself, as arithmetic has it.
    for (let n = 9; n < 400; n += 10)
      for (let k = 1; k <= 5; k++) {
        const values = new Array<number>(k).fill(1 / (n + 1)).concat(new Array(3).fill(1));
        const rate = (k + 3) / (k * (n + 1));
        if (rate < 1)
          expect(conformal.benjaminiHochberg(values, rate).selected.indexOf(false)).toBe(k);
      }
  });

  it('refuses what is no p-value and no rate', () => {
    expect(codeOf(() => conformal.benjaminiHochberg([0.5, 1.1], 0.1))).toBe('INVALID_OPTION');
    expect(codeOf(() => conformal.benjaminiHochberg([Number.NaN], 0.1))).toBe('INVALID_OPTION');
    expect(codeOf(() => conformal.benjaminiHochberg([0.5], 0))).toBe('INVALID_OPTION');
    expect(codeOf(() => conformal.benjaminiHochberg([0.5], 1))).toBe('INVALID_OPTION');
  });
});

describe('a certificate', () => {
  it('has a closed form where no normal reaches the threshold, and where all but one do', () => {
    for (const n of [1, 5, 20, 1000]) {
      // (1 - x)^n = .05 and 1 - x^n = .05.
      expect(conformal.falseAlarmBound(0, n)).toBeCloseTo(1 - 0.05 ** (1 / n), 13);
      expect(conformal.falseAlarmBound(n - 1, n)).toBeCloseTo(0.95 ** (1 / n), 13);
      expect(conformal.falseAlarmBound(n, n)).toBe(1);
    }
    // Tables of Clopper and Pearson: 1 of 10, one-sided 95%.
    expect(conformal.falseAlarmBound(1, 10)).toBeCloseTo(0.3942, 4);
    // One draw: P(D+ >= d) = 1 - d.
    expect(conformal.falseAlarmBound(0, 1, { everyThreshold: true })).toBeCloseTo(0.95, 13);
  });

  it('is the quantile of a beta distribution, to 1e-12', () => {
    for (const { reaching, normalCount, confidence, bound } of expected.certificates)
      same([conformal.falseAlarmBound(reaching, normalCount, { confidence })], [bound]);
  });

  it('for all thresholds at once is that of nonconform 2.0, to 1e-12', () => {
    for (const { normalCount, confidence, margin } of expected.certificates)
      same(
        [conformal.falseAlarmBound(0, normalCount, { confidence, everyThreshold: true })],
        [margin],
      );
    for (const { normals, thresholds, everyThreshold } of expected.cases) {
      const reaching = thresholds.map((at) => normals.filter((score) => score >= at).length);
      const bounds = reaching.map((a) =>
        conformal.falseAlarmBound(a, normals.length, { everyThreshold: true }),
      );
      same(bounds, everyThreshold);
    }
  });

  it('refuses counts that cannot be', () => {
    expect(codeOf(() => conformal.falseAlarmBound(3, 2))).toBe('INVALID_OPTION');
    expect(codeOf(() => conformal.falseAlarmBound(0, 0))).toBe('INVALID_OPTION');
    expect(codeOf(() => conformal.falseAlarmBound(0, 5, { confidence: 1 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => conformal.falseAlarmBound(0, 5, { level: 0.9 } as never))).toBe(
      'UNKNOWN_OPTION',
    );
  });
});
