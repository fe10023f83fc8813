import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  bootstrapInterval,
  pick,
  precisionRecallBand,
  precisionRecallCurve,
  rocBand,
  rocCurve,
  sensitivityAtSpecificity,
  specificityAtSensitivity,
} from '../../src/metrics/index.js';
import { RandomStream } from '../../src/support/random.js';
import { labelled } from './labelled.js';

function sample(size: number, name = 'sample') {
  const random = new RandomStream(4, [name]);
  const labels = Int32Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 1 : 0));
  return { labels, scores: Float64Array.from(labels, (label) => random.gaussian() + 1.5 * label) };
}

describe('sensitivityAtSpecificity and its reverse', () => {
  it('give the rate of the threshold they name', () => {
    const scores = [0.1, 0.4, 0.35, 0.8];
    const labels = [0, 0, 1, 1];
    const high = sensitivityAtSpecificity(scores, labels, 0.9);
    expect(high.estimate).toBe(0.5);
    expect(high.confusion).toMatchObject({ threshold: 0.8, specificity: 1, sensitivity: 0.5 });
    const low = specificityAtSensitivity(scores, labels, 0.9);
    expect(low.estimate).toBe(0.5);
    expect(low.confusion).toMatchObject({ threshold: 0.35, sensitivity: 1, specificity: 0.5 });
  });

  it('find a constant score useless', () => {
    const rate = sensitivityAtSpecificity([1, 1, 1, 1], [0, 0, 1, 1], 0.95, { replicates: 20 });
    expect(rate).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
    expect(rate.confusion.threshold).toBe(Infinity);
  });

  it('exchange with the classes', () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 1, max: 20 }), ({ scores, labels }, twentieth) => {
        const once = { replicates: 1 };
        const plain = sensitivityAtSpecificity(scores, labels, twentieth / 20, once);
        const turned = specificityAtSensitivity(
          scores.map((score) => -score),
          labels.map((label) => 1 - label),
          twentieth / 20,
          once,
        );
        expect(turned.estimate).toBe(plain.estimate);
      }),
    );
  });

  it('are the bootstrap of a rate read off the curve', () => {
    const { scores, labels } = sample(90);
    const groups = Int32Array.from(labels, (_, i) => Math.floor(i / 2));
    const options = { replicates: 60, seed: 9, level: 0.8, groups };
    const read = (drawn: Int32Array) => {
      const roc = rocCurve(pick(scores, drawn), pick(labels, drawn));
      const allowed = roc.truePositiveRates.filter((_, i) => roc.falsePositiveRates[i] < 0.1001);
      return Math.max(...allowed);
    };
    const { confusion, ...interval } = sensitivityAtSpecificity(scores, labels, 0.9, options);
    expect(interval).toEqual(bootstrapInterval(read, labels, options));
  });

  it('cover the truth about as often as they say', () => {
    // Scores N(0, 1) and N(1.5, 1): at specificity .8 the sensitivity is P(Z > .8416 - 1.5) = .7449.
    let covered = 0;
    for (let set = 0; set < 60; set++) {
      const { scores, labels } = sample(180, `set ${set}`);
      const { lower, upper } = sensitivityAtSpecificity(scores, labels, 0.8, { replicates: 120 });
      covered += Number(lower <= 0.7449 && 0.7449 <= upper);
    }
    expect(covered).toBeGreaterThan(50);
    expect(covered).toBeLessThan(60);
  });
});

describe.each([
  ['rocBand', rocBand],
  ['precisionRecallBand', precisionRecallBand],
] as const)('%s', (_, bandOf) => {
  const { scores, labels } = sample(120);

  it('is the same for the same seed, wider for a higher level and for groups of copies', () => {
    const width = (values: { lower: Float64Array; upper: Float64Array }) =>
      values.upper.reduce((sum, upper, i) => sum + upper - values.lower[i], 0);
    const options = { replicates: 200, seed: 1 };
    const plain = bandOf(scores, labels, options);
    expect(bandOf(scores, labels, options)).toEqual(plain);
    expect(bandOf(scores, labels, { ...options, seed: 2 }).lower).not.toEqual(plain.lower);
    expect(width(bandOf(scores, labels, { ...options, level: 0.5 }))).toBeLessThan(width(plain));
    const twice = Int32Array.from({ length: 240 }, (_, i) => i % 120);
    const copied = [pick(scores, twice), pick(labels, twice)] as const;
    const apart = bandOf(...copied, options);
    const together = bandOf(...copied, { ...options, groups: twice });
    expect(width(together)).toBeGreaterThan(1.2 * width(apart));
  });

  it('holds its curve nearly everywhere, inside [0, 1]', () => {
    const { places, estimates, lower, upper } = bandOf(scores, labels, { replicates: 300 });
    expect(places.length).toBe(101);
    const held = places.filter((_, i) => lower[i] <= estimates[i] && estimates[i] <= upper[i]);
    expect(held.length).toBeGreaterThan(90);
    expect(Math.min(...lower)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...upper)).toBeLessThanOrEqual(1);
    expect(lower.some((low, i) => low < upper[i] - 0.05)).toBe(true);
  });

  it('needs both classes and known options', () => {
    expect(() => bandOf([1, 2], [0, 0])).toThrow(/EMPTY_SET/);
    expect(() => bandOf([1, 2], [0, 1], { samples: 3 } as object)).toThrow(/UNKNOWN_OPTION/);
  });
});

describe('the curves under the bands', () => {
  const { scores, labels } = sample(60);
  const once = { replicates: 1 };

  it('rocBand joins the points by lines, the top one where they stand above one another', () => {
    const { places, estimates } = rocBand(scores, labels, once);
    expect([places[0], places[100], estimates[100]]).toEqual([0, 1, 1]);
    const roc = rocCurve(scores, labels);
    expect(estimates[0]).toBe(
      Math.max(...roc.truePositiveRates.filter((_, i) => roc.falsePositiveRates[i] === 0)),
    );
    // 40 normals: each 40th is a place, and between them the trapezoids add up
    const fortieths = estimates.filter((_, i) => i % 5 === 0);
    expect(fortieths.length).toBe(21);
    const tied = rocBand([1, 1], [0, 1], once);
    expect([...tied.estimates]).toEqual([...tied.places]);
    const area = estimates.reduce((sum, height) => sum + height, 0) / 101;
    expect(area).toBeCloseTo(areaUnderRoc(scores, labels), 1);
  });

  it('precisionRecallBand takes the highest threshold that reaches the recall', () => {
    const { places, estimates } = precisionRecallBand(scores, labels, once);
    const { recalls, precisions } = precisionRecallCurve(scores, labels);
    places.forEach((place, i) => {
      expect(estimates[i]).toBe(precisions[recalls.findIndex((recall) => recall >= place)]);
    });
  });
});
