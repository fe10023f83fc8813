import { describe, expect, it } from 'vitest';
import { areaUnderRoc, delongInterval, delongTest } from '../../src/metrics/index.js';

const labels = [0, 0, 1, 1];

describe('delongInterval', () => {
  it('follows its formula', () => {
    // V10: .35 outscores 1 of 2 normals, .8 both: 1/2, 1, sample variance 1/8
    // V01: both anomalies above .1, one above .4: 1, 1/2, sample variance 1/8
    const error = Math.sqrt(1 / 8 / 2 + 1 / 8 / 2);
    const interval = delongInterval([0.1, 0.4, 0.35, 0.8], labels, { level: 0.95 });
    expect(interval.estimate).toBe(0.75);
    expect(interval.standardError).toBeCloseTo(error, 15);
    const half = (1.959963984540054 * error) / (0.75 * 0.25);
    expect(interval.lower).toBeCloseTo(1 / (1 + Math.exp(-(Math.log(3) - half))), 12);
    expect(interval.upper).toBeCloseTo(1 / (1 + Math.exp(-(Math.log(3) + half))), 12);
  });

  it('stays inside (0, 1) where the plain interval would not', () => {
    const scores = [1, 2, 3, 4, 5.5, 5, 6, 7, 8, 9];
    const truth = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    const interval = delongInterval(scores, truth, { level: 0.99 });
    expect(interval.estimate + 2.5758 * interval.standardError).toBeGreaterThan(1);
    expect(interval.upper).toBeLessThan(1);
    expect(interval.lower).toBeGreaterThan(0);
  });

  it('has no width where the variance is zero', () => {
    for (const scores of [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [1, 1, 1, 1],
    ]) {
      const estimate = areaUnderRoc(scores, labels);
      expect(delongInterval(scores, labels)).toEqual({
        estimate,
        lower: estimate,
        upper: estimate,
        standardError: 0,
      });
    }
  });
});

describe('delongTest', () => {
  it('takes the variance of paired differences', () => {
    // A: V10 1/2, 1; V01 1, 1/2.  B: V10 0, 1/2; V01 1/2, 0.  Every difference is 1/2
    const all = delongTest([0.1, 0.4, 0.35, 0.8], [0.3, 0.6, 0.1, 0.5], labels);
    expect(all).toMatchObject({ difference: 0.5, standardError: 0, z: Infinity, pValue: 0 });
    // B: V10 1/2, 1/2; V01 1, 0.  Differences: V10 0, 1/2 (variance 1/8); V01 0, 1/2 (1/8)
    const one = delongTest([0.1, 0.4, 0.35, 0.8], [0.1, 0.9, 0.4, 0.5], labels);
    expect(one.difference).toBe(0.25);
    expect(one.standardError).toBeCloseTo(Math.sqrt(1 / 8 / 2 + 1 / 8 / 2), 15);
    expect(one.z).toBeCloseTo(0.25 / Math.sqrt(1 / 8), 15);
  });

  it('finds nothing between a detector and a rising transform of it', () => {
    const scores = [0.1, 0.4, 0.35, 0.8];
    expect(delongTest(scores, scores.map(Math.exp), labels)).toEqual({
      difference: 0,
      lower: 0,
      upper: 0,
      standardError: 0,
      z: 0,
      pValue: 1,
    });
  });

  it('changes sign with the order of the detectors', () => {
    const a = [0.1, 0.4, 0.35, 0.8];
    const b = [0.1, 0.9, 0.4, 0.5];
    const forth = delongTest(a, b, labels);
    const back = delongTest(b, a, labels);
    expect(back.difference).toBe(-forth.difference);
    expect(back.pValue).toBe(forth.pValue);
    expect(back.lower).toBe(-forth.upper);
  });
});
