import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Confusion, confusionAt, thresholds } from '../../src/metrics/index.js';
import { labelled } from './labelled.js';

const scores = [0.1, 0.4, 0.35, 0.8];
const labels = [0, 0, 1, 1];

/** Every threshold that the scores can tell apart, highest first. */
function candidates(of: readonly number[]): number[] {
  return [Infinity, ...[...new Set(of)].sort((a, b) => b - a)];
}

/** The first of the candidates at which `value` is largest, by trying them all. */
function search(
  s: readonly number[],
  l: readonly number[],
  value: (confusion: Confusion) => number,
): number {
  const values = candidates(s).map((threshold) => value(confusionAt(s, l, threshold)));
  return candidates(s)[values.indexOf(Math.max(...values))];
}

describe('thresholds on four images', () => {
  it('by the share of normal images', () => {
    // Ranks ceil(6 * .6) = 4 and ceil(6 * .75) = 5; just above, so that an equal score is no alarm.
    const five = [0.1, 0.2, 0.3, 0.4, 0.5];
    for (const [share, score] of [
      [0.6, 0.4],
      [0.75, 0.5],
      [1, 0.5],
    ]) {
      expect(thresholds.atQuantile(five, share)).toBeGreaterThan(score);
      expect(thresholds.atQuantile(five, share)).toBeCloseTo(score, 15);
    }
    expect(thresholds.atQuantile([3, 1, 2], 0.25)).toBeCloseTo(1, 15);
    expect(thresholds.atQuantile([7], 0.5)).toBeCloseTo(7, 14);
  });

  it('by a rate', () => {
    expect(thresholds.atSpecificity(scores, labels, 0)).toBe(0.1);
    expect(thresholds.atSpecificity(scores, labels, 0.5)).toBe(0.35);
    expect(thresholds.atSpecificity(scores, labels, 0.51)).toBe(0.8);
    expect(thresholds.atSpecificity([1, 1, 1], [0, 1, 1], 0.5)).toBe(Infinity);
    expect(thresholds.atSensitivity(scores, labels, 0.5)).toBe(0.8);
    expect(thresholds.atSensitivity(scores, labels, 0.51)).toBe(0.35);
    expect(thresholds.atSensitivity(scores, labels, 1)).toBe(0.35);
  });

  it.each([10, 20, 49, 100, 1000])('a rate of k in %i is met by k images', (count) => {
    const s = Float64Array.from({ length: 2 * count }, (_, i) => i % count);
    const l = Int32Array.from({ length: 2 * count }, (_, i) => (i < count ? 0 : 1));
    for (const k of [1, Math.ceil(count / 3), count - 1]) {
      expect(thresholds.atSpecificity(s, l, k / count)).toBe(k);
      expect(thresholds.atSensitivity(s, l, k / count)).toBe(count - k);
    }
  });

  it('by J, F1 and cost', () => {
    expect(thresholds.youden([0.1, 0.2, 0.35, 0.8], labels)).toBe(0.35);
    // J is 1/2 at .8 and at .35: the higher one
    expect(thresholds.youden(scores, labels)).toBe(0.8);
    expect(thresholds.youden([2, 1], [0, 1])).toBe(Infinity);
    expect(thresholds.f1(scores, labels)).toBe(0.35);
    expect(thresholds.f1([2, 1], [0, 1])).toBe(1);
    expect(thresholds.cost(scores, labels)).toBe(0.8);
    expect(thresholds.cost(scores, labels, { falseNegative: 5 })).toBe(0.35);
    expect(thresholds.cost(scores, labels, { falseNegative: 5, prevalence: 0.1 })).toBe(0.8);
    expect(thresholds.cost(scores, labels, { falseNegative: 0 })).toBe(Infinity);
    expect(thresholds.cost(scores, labels, { falsePositive: 0 })).toBe(0.35);
  });
});

describe('thresholds of any set', () => {
  const share = fc.integer({ min: 1, max: 20 }).map((twentieth) => twentieth / 20);

  it('are the best of all', () => {
    fc.assert(
      fc.property(labelled, ({ scores: s, labels: l }) => {
        const anomalies = l.filter((label) => label === 1).length;
        const normals = l.length - anomalies;
        expect(thresholds.youden(s, l)).toBe(
          search(s, l, (c) => c.truePositives * normals - c.falsePositives * anomalies),
        );
        expect(thresholds.f1(s, l)).toBe(
          search(s, l, (c) => {
            const { truePositives, falsePositives, falseNegatives } = c;
            return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
          }),
        );
        expect(thresholds.cost(s, l, { falsePositive: 2, falseNegative: 3 })).toBe(
          search(s, l, (c) => -3 * c.falseNegatives - 2 * c.falsePositives),
        );
      }),
    );
  });

  it('cost the least at a prevalence other than theirs', () => {
    fc.assert(
      fc.property(labelled, share, ({ scores: s, labels: l }, twentieths) => {
        const prevalence = twentieths * 0.9;
        const price = (threshold: number) => {
          const { sensitivity, specificity } = confusionAt(s, l, threshold);
          return 4 * prevalence * (1 - sensitivity) + (1 - prevalence) * (1 - specificity);
        };
        const best = price(thresholds.cost(s, l, { falseNegative: 4, prevalence }));
        expect(best).toBeLessThanOrEqual(Math.min(...candidates(s).map(price)) + 1e-12);
      }),
    );
  });

  it('reach the rate, and the next one would not or would give more away', () => {
    fc.assert(
      fc.property(labelled, share, ({ scores: s, labels: l }, rate) => {
        const all = candidates(s);
        const specific = all.filter((t) => confusionAt(s, l, t).specificity >= rate);
        expect(thresholds.atSpecificity(s, l, rate)).toBe(specific.at(-1));
        const sensitive = all.filter((t) => confusionAt(s, l, t).sensitivity >= rate);
        expect(thresholds.atSensitivity(s, l, rate)).toBe(sensitive[0]);
      }),
    );
  });

  it('move with a rising transform of the scores', () => {
    const rising = (score: number) => Math.exp(score / 3) - 5;
    fc.assert(
      fc.property(labelled, share, ({ scores: s, labels: l }, rate) => {
        for (const find of [
          thresholds.youden,
          thresholds.f1,
          thresholds.cost,
          (x: number[], y: number[]) => thresholds.atSpecificity(x, y, rate),
          (x: number[], y: number[]) => thresholds.atSensitivity(x, y, rate),
        ]) {
          expect(find(s.map(rising), l)).toBe(rising(find(s, l)));
        }
      }),
    );
  });

  it('equal costs at even prevalence are Youden', () => {
    fc.assert(
      fc.property(labelled, ({ scores: s, labels: l }) => {
        const j = ({ sensitivity, specificity }: Confusion) => sensitivity + specificity - 1;
        const even = confusionAt(s, l, thresholds.cost(s, l, { prevalence: 0.5 }));
        expect(j(even)).toBeCloseTo(j(confusionAt(s, l, thresholds.youden(s, l))), 12);
      }),
    );
  });
});
