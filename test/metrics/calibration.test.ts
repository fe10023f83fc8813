import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brierScore, type Calibration, calibrate } from '../../src/metrics/index.js';
import { countByScore, poolAdjacentViolators } from '../../src/metrics/isotonic-regression.js';
import { labelled } from './labelled.js';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('poolAdjacentViolators', () => {
  it('is the least-squares fit, by the minimum over the right of the maximum over the left', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const { images, anomalies } = countByScore(scores, labels);
        const share = (from: number, to: number) =>
          sum(anomalies.slice(from, to + 1)) / sum(images.slice(from, to + 1));
        const indices = [...images.keys()];
        const expected = indices.map((i) =>
          Math.max(
            ...indices
              .slice(0, i + 1)
              .map((from) => Math.min(...indices.slice(i).map((to) => share(from, to)))),
          ),
        );
        expect([...poolAdjacentViolators({ scores: images, images, anomalies })]).toEqual(expected);
      }),
    );
  });

  it('never falls, keeps the sum, and leaves its own result as it is', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const counts = countByScore(scores, labels);
        const shares = poolAdjacentViolators(counts);
        shares.forEach((share, i) => {
          if (i > 0) expect(share).toBeGreaterThanOrEqual(shares[i - 1]);
        });
        const anomalies = shares.map((share, i) => share * counts.images[i]);
        expect(sum(anomalies)).toBeCloseTo(sum(labels), 10);
        const again = poolAdjacentViolators({ ...counts, anomalies });
        again.forEach((share, i) => {
          expect(share).toBeCloseTo(shares[i], 12);
        });
      }),
    );
  });
});

describe('calibrate.isotonic', () => {
  it('pools what falls, keeps the corners, and is linear between them', () => {
    const calibration = calibrate.isotonic([1, 2, 3, 4, 2.5], [0, 1, 0, 1, 0]);
    expect(calibration).toEqual({
      kind: 'isotonic',
      scores: [1, 2, 3, 4],
      probabilities: [0, 1 / 3, 1 / 3, 1],
    });
    expect([...calibrate.apply(calibration, [-9, 1, 1.5, 2.7, 3.5, 4, 9])]).toEqual([
      0,
      0,
      1 / 6,
      1 / 3,
      expect.closeTo(2 / 3, 15),
      1,
      1,
    ]);
  });

  it('says the prevalence where the scores say nothing or the wrong', () => {
    const constant = calibrate.isotonic([5, 5, 5, 5], [0, 1, 0, 0]);
    expect([...calibrate.apply(constant, [4, 5, 6])]).toEqual([0.25, 0.25, 0.25]);
    const falling = calibrate.isotonic([1, 2, 3, 4], [1, 1, 0, 0]);
    expect([...calibrate.apply(falling, [0, 2.5])]).toEqual([0.5, 0.5]);
  });

  it('depends on the order of the scores alone', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const rising = scores.map((score) => score ** 3 + score);
        expect(calibrate.apply(calibrate.isotonic(rising, labels), rising)).toEqual(
          calibrate.apply(calibrate.isotonic(scores, labels), scores),
        );
      }),
    );
  });

  it('is beaten on its own set by no other rising curve', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const of = (calibration: Calibration) =>
          brierScore(calibrate.apply(calibration, scores), labels);
        const logistic = calibrate.logistic(scores, labels);
        fc.pre(logistic.slope >= 0);
        expect(of(calibrate.isotonic(scores, labels))).toBeLessThanOrEqual(of(logistic) + 1e-12);
      }),
    );
  });
});

describe('calibrate.logistic', () => {
  it('stands where the gradient of its loss is 0', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const anomalies = sum(labels);
        const normals = labels.length - anomalies;
        const calibration = calibrate.logistic(scores, labels);
        const errors = [...calibrate.apply(calibration, scores)].map((probability, i) => {
          const target = labels[i] ? (anomalies + 1) / (anomalies + 2) : 1 / (normals + 2);
          return probability - target;
        });
        expect(sum(errors)).toBeCloseTo(0, 10);
        expect(sum(errors.map((error, i) => error * scores[i]))).toBeCloseTo(0, 10);
      }),
    );
  });

  it('moves with shift and scale of the scores, and turns with a flip', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const of = (map: (score: number) => number, l = labels) => {
          const mapped = scores.map(map);
          return calibrate.apply(calibrate.logistic(mapped, l), mapped);
        };
        const plain = of((score) => score);
        const moved = of((score) => 1e-3 * score + 7);
        const turned = of((score) => -score);
        const other = of(
          (score) => score,
          labels.map((label) => 1 - label),
        );
        plain.forEach((probability, i) => {
          expect(moved[i]).toBeCloseTo(probability, 9);
          expect(turned[i]).toBeCloseTo(probability, 9);
          expect(other[i]).toBeCloseTo(1 - probability, 9);
        });
      }),
    );
  });

  it('stays finite where the classes are apart, far out, or hold one score', () => {
    for (const [scores, labels] of [
      [
        [-1e6, -1, 1, 1e6],
        [0, 0, 1, 1],
      ],
      [
        [0, 1e-9],
        [0, 1],
      ],
      [
        [...new Float64Array(500), 1e5],
        [...new Float64Array(500), 1],
      ],
      [
        [0.1, 0.1, 0.1],
        [0, 0, 1],
      ],
      [
        [1e150, -1e150, 0],
        [1, 0, 1],
      ],
    ] as const) {
      const { slope, intercept } = calibrate.logistic(scores, labels);
      expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true);
      expect(slope).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('calibrate.apply', () => {
  it('survives JSON', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        for (const fit of [calibrate.isotonic, calibrate.logistic]) {
          const calibration = fit(scores, labels);
          const kept = JSON.parse(JSON.stringify(calibration)) as Calibration;
          expect(calibrate.apply(kept, scores)).toEqual(calibrate.apply(calibration, scores));
        }
      }),
    );
  });

  it.each([
    null,
    undefined,
    {},
    { kind: 'linear' },
    { kind: 'logistic', slope: 1 },
    { kind: 'logistic', slope: 1, intercept: null },
    { kind: 'isotonic', scores: [], probabilities: [] },
    { kind: 'isotonic', scores: [1], probabilities: [0.1, 0.2] },
    { kind: 'isotonic', scores: [2, 1], probabilities: [0.1, 0.2] },
    { kind: 'isotonic', scores: [1, 1], probabilities: [0.1, 0.2] },
    { kind: 'isotonic', scores: [1, 2], probabilities: [0.2, 0.1] },
    { kind: 'isotonic', scores: [1, 2], probabilities: [0.2, 1.1] },
    { kind: 'isotonic', scores: [1, null], probabilities: [0.2, 0.3] },
  ])('refuses %j', (broken) => {
    expect(() => calibrate.apply(broken as unknown as Calibration, [1])).toThrow(
      /^calibrate.apply: calibration is .*INVALID_OPTION/,
    );
  });

  it('refuses scores that are no numbers', () => {
    const calibration = calibrate.logistic([1, 2], [0, 1]);
    expect(() => calibrate.apply(calibration, [1, Number.NaN])).toThrow(/scores\[1\]/);
  });
});

describe('calibrate.toPrevalence', () => {
  it("is Bayes' rule", () => {
    // odds 1 at even prevalence are odds 1/9 at a tenth; odds 9 become 1
    const [first, second] = calibrate.toPrevalence([0.5, 0.9], { from: 0.5, to: 0.1 });
    expect(first).toBeCloseTo(0.1, 15);
    expect(second).toBeCloseTo(0.5, 15);
    expect([...calibrate.toPrevalence([0, 1], { from: 0.5, to: 0.01 })]).toEqual([0, 1]);
  });

  it('goes there and back', () => {
    const share = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(share, share, share, (probability, from, to) => {
        const there = calibrate.toPrevalence([probability], { from, to });
        const [back] = calibrate.toPrevalence(there, { from: to, to: from });
        expect(back).toBeCloseTo(probability, 12);
      }),
    );
  });

  it('needs two shares', () => {
    expect(() => calibrate.toPrevalence([0.5], { from: 0, to: 0.5 })).toThrow(/from is 0;/);
    expect(() => calibrate.toPrevalence([0.5], { from: 0.5, to: 1 })).toThrow(/to is 1;/);
    expect(() => calibrate.toPrevalence([1.5], { from: 0.5, to: 0.1 })).toThrow(
      /probabilities\[0\] is 1.5.*INVALID_OPTION/,
    );
  });
});
