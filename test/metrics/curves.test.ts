import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  averagePrecision,
  confusionAt,
  distinctScores,
  precisionRecallCurve,
  prevalence,
  rocCurve,
} from '../../src/metrics/index.js';
import { labelled } from './labelled.js';

/** The definition, pair by pair. */
function naiveArea(scores: readonly number[], labels: readonly number[]): number {
  let wins = 0;
  let pairs = 0;
  for (const [i, a] of scores.entries()) {
    for (const [j, b] of scores.entries()) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      pairs += 1;
      wins += a > b ? 1 : a === b ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

describe('areaUnderRoc', () => {
  it('is the share of pairs ranked rightly', () => {
    // pairs (anomalous, normal): .35>.1 yes, .35>.4 no, .8>.1 yes, .8>.4 yes
    expect(areaUnderRoc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(3 / 4);
    // 2>1 yes, 2=2 half, 3>1 yes, 3>2 yes
    expect(areaUnderRoc([1, 2, 2, 3], [0, 0, 1, 1])).toBe(3.5 / 4);
    expect(areaUnderRoc([5, 5, 5], [0, 1, 0])).toBe(1 / 2);
    expect(areaUnderRoc(new Float32Array([0, -0]), new Uint8Array([0, 1]))).toBe(1 / 2);
  });

  it('equals the count over every pair', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        expect(areaUnderRoc(scores, labels)).toBe(naiveArea(scores, labels));
      }),
    );
  });

  it('is the trapezoid under its curve', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const { falsePositiveRates: x, truePositiveRates: y } = rocCurve(scores, labels);
        let area = 0;
        for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
        expect(area).toBeCloseTo(areaUnderRoc(scores, labels), 12);
      }),
    );
  });

  it('does not change under a rising transform, and turns to 1 - AUC under a flip', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const area = areaUnderRoc(scores, labels);
        expect(
          areaUnderRoc(
            scores.map((s) => Math.exp(s) - 5),
            labels,
          ),
        ).toBe(area);
        expect(
          areaUnderRoc(
            scores,
            labels.map((l) => 1 - l),
          ),
        ).toBeCloseTo(1 - area, 12);
        expect(
          areaUnderRoc(
            scores.map((s) => -s),
            labels,
          ),
        ).toBeCloseTo(1 - area, 12);
      }),
    );
  });
});

describe('rocCurve', () => {
  it('has a point per distinct score after (0, 0)', () => {
    const curve = rocCurve([1, 2, 2, 3], [0, 0, 1, 1]);
    expect([...curve.thresholds]).toEqual([Infinity, 3, 2, 1]);
    expect([...curve.falsePositiveRates]).toEqual([0, 0, 1 / 2, 1]);
    expect([...curve.truePositiveRates]).toEqual([0, 1 / 2, 1, 1]);
  });

  it('agrees with confusionAt at each of its thresholds', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const roc = rocCurve(scores, labels);
        const precisionRecall = precisionRecallCurve(scores, labels);
        roc.thresholds.forEach((threshold, i) => {
          const confusion = confusionAt(scores, labels, threshold);
          expect(roc.truePositiveRates[i]).toBe(confusion.sensitivity);
          expect(1 - roc.falsePositiveRates[i]).toBeCloseTo(confusion.specificity, 15);
          if (i === 0) return;
          expect(precisionRecall.thresholds[i - 1]).toBe(threshold);
          expect(precisionRecall.precisions[i - 1]).toBe(confusion.precision);
          expect(precisionRecall.recalls[i - 1]).toBe(confusion.sensitivity);
        });
      }),
    );
  });
});

describe('averagePrecision', () => {
  it('sums precision over the steps of recall', () => {
    // falling: .8 (1), .4 (0), .35 (1), .1 (0): recall rises at precision 1/1 and 2/3
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(
      (1 / 2) * 1 + (1 / 2) * (2 / 3),
      15,
    );
  });

  it('takes equal scores as one threshold, so a constant detector gets the prevalence', () => {
    const labels = [0, 1, 0, 0, 1, 0, 0];
    expect(
      averagePrecision(
        labels.map(() => 0.3),
        labels,
      ),
    ).toBeCloseTo(2 / 7, 15);
    expect(prevalence(labels)).toBe(2 / 7);
  });

  it('does not change under a rising transform or a new order', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const value = averagePrecision(scores, labels);
        expect(
          averagePrecision(
            scores.map((s) => s ** 3 + s),
            labels,
          ),
        ).toBe(value);
        expect(averagePrecision([...scores].reverse(), [...labels].reverse())).toBe(value);
      }),
    );
  });
});

describe('confusionAt', () => {
  it('flags scores at or above the threshold', () => {
    expect(confusionAt([0.1, 0.4, 0.4, 0.8, 0.2], [0, 0, 1, 1, 1], 0.4)).toEqual({
      threshold: 0.4,
      truePositives: 2,
      falsePositives: 1,
      trueNegatives: 1,
      falseNegatives: 1,
      sensitivity: 2 / 3,
      specificity: 1 / 2,
      precision: 2 / 3,
      balancedAccuracy: (2 / 3 + 1 / 2) / 2,
    });
  });

  it('has no precision where nothing is flagged', () => {
    expect(confusionAt([0.1, 0.2], [0, 1], Infinity)).toMatchObject({
      sensitivity: 0,
      specificity: 1,
      precision: Number.NaN,
    });
  });
});

it('distinctScores counts different values', () => {
  expect(distinctScores([0.1, 0.1, 0.2, 0, -0])).toBe(3);
  expect(distinctScores([])).toBe(0);
});
