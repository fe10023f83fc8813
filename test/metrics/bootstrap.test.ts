import { describe, expect, it } from 'vitest';
import { areaUnderRoc, bootstrapInterval, delongInterval, pick } from '../../src/metrics/index.js';
import { quantile } from '../../src/metrics/quantile.js';
import { RandomStream } from '../../src/support/random.js';

const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;

function sample(size: number) {
  const random = new RandomStream(3, ['sample']);
  const labels = Int32Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 1 : 0));
  return { labels, scores: Float64Array.from(labels, (label) => random.gaussian() + 1.2 * label) };
}

describe('bootstrapInterval', () => {
  it('comes near the normal interval of a mean', () => {
    const random = new RandomStream(1);
    const values = Float64Array.from({ length: 400 }, () => random.gaussian());
    const { estimate, lower, upper } = bootstrapInterval(
      (drawn) => mean(pick(values, drawn)),
      new Int32Array(400),
      { replicates: 4000, seed: 5 },
    );
    const variance = mean(values.map((v) => (v - mean(values)) ** 2));
    expect(estimate).toBe(mean(values));
    expect(upper - lower).toBeCloseTo(2 * 1.96 * Math.sqrt(variance / 400), 1);
    expect((lower + upper) / 2).toBeCloseTo(estimate, 1);
  });

  it('comes near DeLong for an area, and agrees on the estimate', () => {
    const { scores, labels } = sample(240);
    const area = (drawn: Int32Array) => areaUnderRoc(pick(scores, drawn), pick(labels, drawn));
    const drawn = bootstrapInterval(area, labels);
    const closed = delongInterval(scores, labels);
    expect(drawn.estimate).toBe(areaUnderRoc(scores, labels));
    expect(Math.abs(drawn.lower - closed.lower)).toBeLessThan(0.02);
    expect(Math.abs(drawn.upper - closed.upper)).toBeLessThan(0.02);
  });

  it('draws as many of each stratum as it holds', () => {
    const strata = ['a', 'b', 'a', 'c', 'b', 'a'];
    bootstrapInterval(
      (drawn) => {
        expect(Array.from(drawn, (i) => strata[i]).sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'c']);
        return 0;
      },
      strata,
      { replicates: 50 },
    );
  });

  it('draws groups whole, among those that touch the same strata', () => {
    //              p  p  q  q  r  s  t  t
    const labels = [0, 0, 0, 0, 0, 1, 0, 1];
    const groups = ['p', 'p', 'q', 'q', 'r', 's', 't', 't'];
    const seen = new Set<number>();
    bootstrapInterval(
      (drawn) => {
        const times = Array.from({ length: 8 }, (_, i) => drawn.filter((d) => d === i).length);
        expect(times[0]).toBe(times[1]);
        expect(times[2]).toBe(times[3]);
        expect(times[0] + times[2] + times[4]).toBe(3);
        expect(times.slice(5)).toEqual([1, 1, 1]);
        seen.add(times[0]);
        return 0;
      },
      labels,
      { groups, replicates: 200 },
    );
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });

  it('is wider by groups when the entries of a group are copies', () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => Math.floor(i / 6));
    const groups = Array.from(values);
    const statistic = (drawn: Int32Array) => mean(pick(values, drawn));
    const strata = new Int32Array(60);
    const apart = bootstrapInterval(statistic, strata, { seed: 2 });
    const together = bootstrapInterval(statistic, strata, { seed: 2, groups });
    const ratio = (together.upper - together.lower) / (apart.upper - apart.lower);
    expect(Math.abs(ratio - Math.sqrt(6))).toBeLessThan(0.4);
  });

  it('is the same for the same seed and another for another', () => {
    const { scores, labels } = sample(30);
    const run = (seed: number) =>
      bootstrapInterval((drawn) => mean(pick(scores, drawn)), labels, { seed, replicates: 100 });
    expect(run(4)).toEqual(run(4));
    expect(run(4).replicates).not.toEqual(run(5).replicates);
  });

  it('names a statistic that fails', () => {
    expect(() => bootstrapInterval(() => Number.NaN, [0, 1])).toThrow(
      /resample 0 is NaN.*NOT_FINITE/,
    );
    expect(() => bootstrapInterval(() => 0, [])).toThrow(/EMPTY_SET/);
    expect(() => bootstrapInterval(() => 0, [0], { groups: [1, 2] })).toThrow(/LABELS_MISMATCH/);
    expect(() => bootstrapInterval(() => 0, [0], { replicates: 0 })).toThrow(/INVALID_OPTION/);
    expect(() => bootstrapInterval(() => 0, [0], { level: 1 })).toThrow(/INVALID_OPTION/);
  });
});

it('quantile interpolates between order statistics', () => {
  const sorted = Float64Array.of(10, 20, 40);
  expect([0, 0.25, 0.5, 0.75, 1].map((p) => quantile(sorted, p))).toEqual([10, 15, 20, 30, 40]);
  expect(quantile(Float64Array.of(7), 0.3)).toBe(7);
});
