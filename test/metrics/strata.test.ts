import { describe, expect, it } from 'vitest';
import { areaUnderRoc, areaUnderRocWithin, quartiles } from '../../src/metrics/index.js';

describe('areaUnderRocWithin', () => {
  it('weighs strata by their pairs', () => {
    //              a  a  a  b  b  b  b  c
    const scores = [1, 2, 3, 4, 4, 5, 6, 9];
    const labels = [0, 1, 0, 0, 1, 1, 0, 1];
    const strata = ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'c'];
    // a: 2>1 yes, 2>3 no: 1 of 2.  b: 4=4 half, 4>6 no, 5>4 yes, 5>6 no: 1.5 of 4.  c: no pairs
    expect(areaUnderRocWithin(scores, labels, strata)).toEqual({
      estimate: 2.5 / 6,
      strata: [
        { stratum: 'a', normalCount: 2, anomalyCount: 1, areaUnderRoc: 1 / 2 },
        { stratum: 'b', normalCount: 2, anomalyCount: 2, areaUnderRoc: 1.5 / 4 },
        { stratum: 'c', normalCount: 0, anomalyCount: 1 },
      ],
    });
  });

  it('is the plain area with one stratum', () => {
    const scores = [0.1, 0.4, 0.35, 0.8];
    const labels = [0, 0, 1, 1];
    const { estimate } = areaUnderRocWithin(scores, labels, [7, 7, 7, 7]);
    expect(estimate).toBe(areaUnderRoc(scores, labels));
  });

  it('takes away what only the stratum told', () => {
    const scores = [1, 1, 1, 5, 5, 5];
    const labels = [0, 0, 1, 0, 1, 1];
    expect(areaUnderRoc(scores, labels)).toBeGreaterThan(0.6);
    expect(areaUnderRocWithin(scores, labels, scores).estimate).toBe(0.5);
  });

  it('needs a stratum with both classes', () => {
    expect(() => areaUnderRocWithin([1, 2], [0, 1], ['a', 'b'])).toThrow(
      /none of the 2 strata.*EMPTY_SET/,
    );
    expect(() => areaUnderRocWithin([1, 2], [0, 1], ['a'])).toThrow(/LABELS_MISMATCH/);
  });
});

describe('quartiles', () => {
  it('counts the quartiles below each value', () => {
    expect([...quartiles([40, 10, 30, 20])]).toEqual([3, 0, 2, 1]);
    // numpy's quartiles of 1..8 are 2.75, 4.5, 6.25
    expect([...quartiles([1, 2, 3, 4, 5, 6, 7, 8])]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it('keeps equal values together', () => {
    expect([...quartiles([5, 5, 5, 5])]).toEqual([0, 0, 0, 0]);
    expect([...quartiles([1, 1, 1, 9])]).toEqual([0, 0, 0, 3]);
  });

  it('needs finite values', () => {
    expect(() => quartiles([])).toThrow(/EMPTY_SET/);
    expect(() => quartiles([1, Number.NaN])).toThrow(/values\[1\].*NOT_FINITE/);
  });
});
