import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  averagePrecision,
  delongInterval,
  delongTest,
  precisionRecallCurve,
  rocCurve,
} from '../../src/metrics/index.js';
import { normalHalfWidth, normalTwoSided } from '../../src/metrics/normal-distribution.js';
import fixture from '../fixtures/metrics.json' with { type: 'json' };
import { expectClose } from '../support/close.js';

describe.each(fixture.cases)('scikit-learn and DeLong by definition: $name', (c) => {
  it('gives the same areas', () => {
    expectClose([areaUnderRoc(c.scoresA, c.labels)], [c.areaUnderRoc]);
    expectClose([averagePrecision(c.scoresA, c.labels)], [c.averagePrecision]);
  });

  it('gives the same curves', () => {
    const roc = rocCurve(c.scoresA, c.labels);
    expectClose(roc.falsePositiveRates, c.roc.falsePositiveRates);
    expectClose(roc.truePositiveRates, c.roc.truePositiveRates);
    expect(roc.thresholds[0]).toBe(Infinity);
    expectClose(roc.thresholds.subarray(1), c.roc.thresholds);
    const curve = precisionRecallCurve(c.scoresA, c.labels);
    expectClose(curve.precisions, c.precisionRecall.precisions);
    expectClose(curve.recalls, c.precisionRecall.recalls);
    expectClose(curve.thresholds, c.precisionRecall.thresholds);
  });

  it('gives the same intervals and test', () => {
    const interval = delongInterval(c.scoresA, c.labels);
    expectClose(
      [interval.estimate, interval.standardError],
      [c.areaUnderRoc, c.delong.standardError],
    );
    expectClose([interval.lower, interval.upper], c.delong.interval);
    const narrower = delongInterval(c.scoresA, c.labels, { level: 0.9 });
    expectClose([narrower.lower, narrower.upper], c.delong.interval90);
    const test = delongTest(c.scoresA, c.scoresB, c.labels);
    expectClose([test.difference, test.standardError], [c.test.difference, c.test.standardError]);
    expectClose([test.z, test.pValue], [c.test.z, c.test.pValue]);
    expectClose([test.lower, test.upper], c.test.interval);
  });
});

describe('the normal distribution against scipy', () => {
  it.each(fixture.normalTwoSided)('P(|Z| > $z)', ({ z, p }) => {
    expect(Math.abs(normalTwoSided(z) - p)).toBeLessThanOrEqual(1e-12 * p);
    expect(normalTwoSided(-z)).toBe(normalTwoSided(z));
  });

  it.each(fixture.normalHalfWidth)('the half width at $level', ({ level, z }) => {
    expect(Math.abs(normalHalfWidth(level) - z)).toBeLessThan(1e-9);
  });
});
