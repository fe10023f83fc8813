import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prevalence, reliability, wilsonInterval } from '../../src/metrics/index.js';
import { forecasts } from './labelled.js';

const binOptions = fc.record({
  bins: fc.integer({ min: 1, max: 12 }),
  binning: fc.constantFrom('equalWidth' as const, 'equalMass' as const),
});
const binsOf = (...values: Parameters<typeof reliability>) => reliability(...values).bins;
const errorOf = (...values: Parameters<typeof reliability>) =>
  reliability(...values).expectedCalibrationError;
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

describe('the bins of reliability', () => {
  it('counts by hand', () => {
    const [low, high, ...others] = binsOf([0.1, 0.3, 0.9], [0, 1, 1], { bins: 2 });
    expect(others).toEqual([]);
    expect(low).toEqual({
      from: 0,
      to: 0.5,
      count: 2,
      meanProbability: 0.2,
      observed: wilsonInterval(1, 2),
    });
    expect(high).toMatchObject({ from: 0.5, to: 1, count: 1, meanProbability: 0.9 });
    expect(high.observed.estimate).toBe(1);
  });

  it('puts a probability at an edge into the lower bin, 0 into the first, and leaves empty bins out', () => {
    const bins = binsOf([0, 0.5, 0.5, 1], [0, 0, 1, 1], { bins: 4 });
    expect(bins.map(({ from, to, count }) => [from, to, count])).toEqual([
      [0, 0.25, 1],
      [0.25, 0.5, 2],
      [0.75, 1, 1],
    ]);
  });

  it('of equal mass holds as many each, equal probabilities together', () => {
    const apart = Array.from({ length: 12 }, (_, i) => i / 12);
    const labels = apart.map((_, i) => i % 2);
    const equal = { bins: 4, binning: 'equalMass' } as const;
    expect(binsOf(apart, labels, equal).map(({ count }) => count)).toEqual([3, 3, 3, 3]);
    const [only, ...others] = binsOf(new Float64Array(12).fill(0.3), labels, equal);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ from: 0.3, to: 0.3, count: 12 });
  });

  it('holds every image once, between its edges', () => {
    fc.assert(
      fc.property(forecasts, binOptions, ({ probabilities, labels }, options) => {
        const bins = binsOf(probabilities, labels, options);
        expect(bins.reduce((total, { count }) => total + count, 0)).toBe(labels.length);
        for (const [b, { from, to, count, meanProbability, observed }] of bins.entries()) {
          const inside = probabilities.map((p) => (p > from || (b === 0 && p === from)) && p <= to);
          expect(inside.filter(Boolean).length).toBe(count);
          const members = probabilities.filter((_, i) => inside[i]);
          expect(meanProbability).toBeCloseTo(mean(members), 12);
          expect(observed.estimate).toBe(mean(labels.filter((_, i) => inside[i])));
          expect(observed.lower).toBeLessThan(observed.upper);
        }
      }),
    );
  });
});

describe('the error of reliability', () => {
  it('is the weighted gap of the diagram', () => {
    expect(errorOf([0.1, 0.3, 0.9], [0, 1, 1], { bins: 2 })).toBeCloseTo(
      (2 / 3) * 0.3 + (1 / 3) * 0.1,
      15,
    );
    fc.assert(
      fc.property(forecasts, binOptions, ({ probabilities, labels }, options) => {
        const gaps = binsOf(probabilities, labels, options).map(
          ({ count, meanProbability, observed }) =>
            count * Math.abs(meanProbability - observed.estimate),
        );
        const error = errorOf(probabilities, labels, options);
        expect(error).toBeCloseTo(gaps.reduce((a, b) => a + b, 0) / labels.length, 12);
      }),
    );
  });

  it('in one bin is the gap of the means, and never less than that in more', () => {
    fc.assert(
      fc.property(forecasts, binOptions, ({ probabilities, labels }, options) => {
        const gap = Math.abs(mean(probabilities) - prevalence(labels));
        expect(errorOf(probabilities, labels, { bins: 1 })).toBeCloseTo(gap, 12);
        expect(errorOf(probabilities, labels, options)).toBeGreaterThan(gap - 1e-12);
      }),
    );
  });

  it('is 0 for what came true', () => {
    expect(errorOf([0, 0, 1], [0, 0, 1])).toBe(0);
  });
});

describe('wilsonInterval', () => {
  const hits = fc
    .integer({ min: 1, max: 300 })
    .chain((count) => fc.tuple(fc.integer({ min: 0, max: count }), fc.constant(count)));
  const z = 1.959963984540054;

  it('ends where the estimate lies z standard errors away', () => {
    fc.assert(
      fc.property(hits, ([k, n]) => {
        const { estimate, lower, upper } = wilsonInterval(k, n);
        expect(estimate).toBe(k / n);
        for (const end of [lower, upper]) {
          const error = Math.sqrt((end * (1 - end)) / n);
          if (end > 0 && end < 1) expect(Math.abs(estimate - end)).toBeCloseTo(z * error, 10);
        }
        expect(lower).toBeLessThanOrEqual(estimate);
        expect(upper).toBeGreaterThanOrEqual(estimate);
      }),
    );
  });

  it('turns with the share of the others', () => {
    fc.assert(
      fc.property(hits, ([k, n]) => {
        const there = wilsonInterval(k, n, { level: 0.9 });
        const back = wilsonInterval(n - k, n, { level: 0.9 });
        expect(there.lower).toBeCloseTo(1 - back.upper, 12);
        expect(there.upper).toBeCloseTo(1 - back.lower, 12);
      }),
    );
  });

  it('starts at 0 for none and ends at 1 for all, with a width', () => {
    expect(wilsonInterval(0, 10)).toMatchObject({ estimate: 0, lower: 0 });
    expect(wilsonInterval(0, 10).upper).toBeCloseTo(z ** 2 / (10 + z ** 2), 12);
    expect(wilsonInterval(10, 10)).toMatchObject({ estimate: 1, upper: 1 });
  });

  it('refuses counts that are none', () => {
    expect(() => wilsonInterval(1, 0)).toThrow(/count is 0.*INVALID_OPTION/);
    expect(() => wilsonInterval(3, 2)).toThrow(/hits is 3.*INVALID_OPTION/);
    expect(() => wilsonInterval(0.5, 2)).toThrow(/hits is 0.5.*INVALID_OPTION/);
    expect(() => wilsonInterval(1, 2, { level: 1 })).toThrow(/level is 1.*INVALID_OPTION/);
  });
});
