import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brierDecomposition, brierScore, calibrate } from '../../src/metrics/index.js';
import { forecasts, labelled } from './labelled.js';

/** Murphy's reliability and resolution, over the distinct probabilities. */
function murphy(probabilities: readonly number[], labels: readonly number[]) {
  const base = labels.reduce((a, b) => a + b, 0) / labels.length;
  const shares = new Map(
    [...new Set(probabilities)].map((p) => {
      const members = labels.filter((_, i) => probabilities[i] === p);
      return [p, members.reduce((a, b) => a + b, 0) / members.length];
    }),
  );
  let [reliability, resolution] = [0, 0];
  for (const p of probabilities) {
    const share = shares.get(p)!;
    reliability += (p - share) ** 2 / labels.length;
    resolution += (share - base) ** 2 / labels.length;
  }
  const rising = [...shares].sort(([a], [b]) => a - b).map(([, share]) => share);
  return { reliability, resolution, rises: rising.every((s, i) => i === 0 || s >= rising[i - 1]) };
}

describe('brierScore', () => {
  it('is the mean squared error', () => {
    expect(brierScore([0.1, 0.2, 0.6], [0, 0, 1])).toBeCloseTo(0.07, 15);
    expect(brierScore([0, 1], [0, 1])).toBe(0);
    expect(brierScore([1, 0], [0, 1])).toBe(1);
    expect(brierScore([0.3], [0])).toBeCloseTo(0.09, 15);
  });

  it('turns with both probabilities and labels', () => {
    fc.assert(
      fc.property(forecasts, ({ probabilities, labels }) => {
        const turned = brierScore(
          probabilities.map((p) => 1 - p),
          labels.map((label) => 1 - label),
        );
        expect(turned).toBeCloseTo(brierScore(probabilities, labels), 12);
      }),
    );
  });
});

describe('brierDecomposition', () => {
  it('parts by hand', () => {
    const parts = brierDecomposition([0.2, 0.2, 0.6, 0.6], [0, 0, 0, 1]);
    expect(parts.score).toBeCloseTo(0.15, 15);
    expect(parts.miscalibration).toBeCloseTo(0.025, 15);
    expect(parts.discrimination).toBeCloseTo(0.0625, 15);
    expect(parts.uncertainty).toBeCloseTo(0.1875, 15);
  });

  it('adds up to the score, of parts that are not below 0', () => {
    fc.assert(
      fc.property(forecasts, ({ probabilities, labels }) => {
        const { score, miscalibration, discrimination, uncertainty } = brierDecomposition(
          probabilities,
          labels,
        );
        expect(score).toBeCloseTo(brierScore(probabilities, labels), 12);
        expect(miscalibration - discrimination + uncertainty).toBeCloseTo(score, 12);
        expect(miscalibration).toBeGreaterThan(-1e-12);
        expect(discrimination).toBeGreaterThan(-1e-12);
      }),
    );
  });

  it("is Murphy's where the shares rise with the probabilities", () => {
    let compared = 0;
    fc.assert(
      fc.property(forecasts, ({ probabilities, labels }) => {
        const { reliability, resolution, rises } = murphy(probabilities, labels);
        if (!rises) return;
        compared += 1;
        const parts = brierDecomposition(probabilities, labels);
        expect(parts.miscalibration).toBeCloseTo(reliability, 12);
        expect(parts.discrimination).toBeCloseTo(resolution, 12);
      }),
    );
    expect(compared).toBeGreaterThan(5);
  });

  it('finds nothing to calibrate in what was calibrated on the same images', () => {
    fc.assert(
      fc.property(labelled, ({ scores, labels }) => {
        const calibration = calibrate.isotonic(scores, labels);
        const probabilities = calibrate.apply(calibration, scores);
        expect(brierDecomposition(probabilities, labels).miscalibration).toBeCloseTo(0, 12);
      }),
    );
  });
});
