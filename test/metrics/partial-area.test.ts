import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc, partialAreaUnderRoc } from '../../src/metrics/index.js';
import { labelled } from './labelled.js';

const region = fc
  .tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 1, max: 20 }))
  .filter(([from, to]) => from < to)
  .map(([from, to]) => [from / 20, to / 20] as const);

describe('partialAreaUnderRoc', () => {
  it('is the area of its part', () => {
    const scores = [0.1, 0.4, 0.35, 0.8];
    const labels = [0, 0, 1, 1];
    // the curve: (0, 0), (0, 1/2), (1/2, 1/2), (1/2, 1), (1, 1)
    const left = partialAreaUnderRoc(scores, labels, { specificity: [0.5, 1] });
    expect(left.area).toBe(1 / 4);
    // chance 1/8, at most 1/2: half a step of the way from 1/2 to 1 by (1/8) / (3/8)
    expect(left.standardized).toBeCloseTo((1 + 1 / 3) / 2, 15);
    expect(partialAreaUnderRoc(scores, labels, { sensitivity: [0.5, 1] }).area).toBe(1 / 4);
    expect(partialAreaUnderRoc(scores, labels, { sensitivity: [0.25, 0.75] }).area).toBe(3 / 8);
  });

  it('is 1 for a perfect detector, 0.5 for a constant one, everywhere', () => {
    fc.assert(
      fc.property(region, ([from, to]) => {
        for (const part of [
          { specificity: [from, to] as const },
          { sensitivity: [from, to] as const },
        ]) {
          expect(partialAreaUnderRoc([1, 2], [0, 1], part).standardized).toBeCloseTo(1, 12);
          expect(partialAreaUnderRoc([1, 1], [0, 1], part).standardized).toBeCloseTo(0.5, 12);
        }
      }),
    );
  });

  it('over everything is the whole area', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const whole = areaUnderRoc(scores, labels);
        const { area, standardized } = partialAreaUnderRoc(scores, labels, { specificity: [0, 1] });
        expect(area).toBeCloseTo(whole, 12);
        expect(standardized).toBeCloseTo(whole, 12);
        const other = partialAreaUnderRoc(scores, labels, { sensitivity: [0, 1] });
        expect(other.area).toBeCloseTo(whole, 12);
      }),
    );
  });

  it('adds up over neighbouring parts', () => {
    fc.assert(
      fc.property(labelled, region, ({ scores, labels }, [from, to]) => {
        const middle = (from + to) / 2;
        for (const axis of ['specificity', 'sensitivity'] as const) {
          const part = (a: number, b: number) =>
            partialAreaUnderRoc(
              scores,
              labels,
              axis === 'specificity' ? { specificity: [a, b] } : { sensitivity: [a, b] },
            ).area;
          expect(part(from, middle) + part(middle, to)).toBeCloseTo(part(from, to), 12);
        }
      }),
    );
  });

  it('exchanges its axes with the classes', () => {
    fc.assert(
      fc.property(labelled, region, ({ scores, labels }, part) => {
        const flipped = partialAreaUnderRoc(
          scores.map((score) => -score),
          labels.map((label) => 1 - label),
          { sensitivity: part },
        );
        const { area, standardized } = partialAreaUnderRoc(scores, labels, { specificity: part });
        expect(flipped.area).toBeCloseTo(area, 12);
        expect(flipped.standardized).toBeCloseTo(standardized, 12);
      }),
    );
  });

  it('needs one region that has a width', () => {
    const of = (part: object) => () =>
      partialAreaUnderRoc([1, 2], [0, 1], part as { specificity: [number, number] });
    expect(of({})).toThrow(/region is {}; expected one of.*INVALID_OPTION/);
    expect(of({ specificity: [0, 1], sensitivity: [0, 1] })).toThrow(/INVALID_OPTION/);
    expect(of({ specificity: 0.9 })).toThrow(/INVALID_OPTION/);
    expect(of({ specificity: [0.9, 0.9] })).toThrow(/to is 0.9; expected.*above 0.9/);
    expect(of({ specificity: [1, 0.9] })).toThrow(/INVALID_OPTION/);
    expect(of({ specificity: [0.9, 1.1] })).toThrow(/INVALID_OPTION/);
    expect(of({ specifity: [0.9, 1] })).toThrow(/Did you mean 'specificity'.*UNKNOWN_OPTION/);
  });
});
