import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionCurve, prevalence } from '../../src/metrics/index.js';
import { forecasts } from './labelled.js';

const both = forecasts.filter(({ labels }) => new Set(labels).size === 2);

describe('decisionCurve', () => {
  it('counts by hand', () => {
    // at .25 the second (normal) and the third (anomalous) are acted on, a third each
    const curve = decisionCurve([0.1, 0.3, 0.8], [0, 0, 1], { thresholds: [0.25, 0.3, 0.31] });
    expect(curve.model[0]).toBeCloseTo(1 / 3 - 1 / 3 / 3, 15);
    expect(curve.model[1]).toBeCloseTo(1 / 3 - (1 / 3) * (0.3 / 0.7), 15);
    expect(curve.model[2]).toBeCloseTo(1 / 3, 15);
    expect(curve.treatAll[0]).toBeCloseTo(1 / 3 - 2 / 3 / 3, 15);
    expect([...curve.treatNone]).toEqual([0, 0, 0]);
  });

  it('runs from 0.01 to 0.99 by default', () => {
    const { thresholds, model, treatAll } = decisionCurve([0.2, 0.7], [0, 1]);
    expect([thresholds.length, model.length, treatAll.length]).toEqual([99, 99, 99]);
    expect([thresholds[0], thresholds[98]]).toEqual([0.01, 0.99]);
  });

  it('is that of acting on all while every probability reaches the threshold, and of none above', () => {
    fc.assert(
      fc.property(forecasts, ({ probabilities, labels }) => {
        const { thresholds, model, treatAll, treatNone } = decisionCurve(probabilities, labels);
        thresholds.forEach((threshold, i) => {
          if (threshold <= Math.min(...probabilities)) expect(model[i]).toBe(treatAll[i]);
          if (threshold > Math.max(...probabilities)) expect(model[i]).toBe(treatNone[i]);
        });
      }),
    );
  });

  it('acting on all breaks even where the price is the prevalence', () => {
    fc.assert(
      fc.property(both, ({ probabilities, labels }) => {
        const thresholds = [prevalence(labels)];
        expect(decisionCurve(probabilities, labels, { thresholds }).treatAll[0]).toBeCloseTo(0, 12);
      }),
    );
  });

  it('changes nothing when told the prevalence that the set has', () => {
    fc.assert(
      fc.property(both, ({ probabilities, labels }) => {
        const plain = decisionCurve(probabilities, labels);
        const told = decisionCurve(probabilities, labels, { prevalence: prevalence(labels) });
        plain.model.forEach((benefit, i) => {
          expect(told.model[i]).toBeCloseTo(benefit, 11);
          expect(told.treatAll[i]).toBeCloseTo(plain.treatAll[i], 11);
        });
      }),
    );
  });

  it('another prevalence is a set with its images repeated', () => {
    const probabilities = [0.1, 0.4, 0.6, 0.9];
    const labels = [0, 1, 0, 1];
    const repeated = [0, 1, 2, 3, 0, 2, 0, 2];
    const pick = (values: readonly number[]) => repeated.map((i) => values[i]);
    const told = decisionCurve(probabilities, labels, { prevalence: 0.25 });
    const plain = decisionCurve(pick(probabilities), pick(labels));
    plain.model.forEach((benefit, i) => {
      expect(told.model[i]).toBeCloseTo(benefit, 12);
    });
  });

  it('needs thresholds below 1, and both classes for another prevalence', () => {
    expect(() => decisionCurve([0.5], [1], { thresholds: [0.5, 1] })).toThrow(
      /thresholds\[1\] is 1;.*INVALID_OPTION/,
    );
    expect(() => decisionCurve([0.5], [1], { thresholds: [Number.NaN] })).toThrow(/INVALID_OPTION/);
    expect(() => decisionCurve([0.5], [1], { prevalence: 0.5 })).toThrow(/EMPTY_SET/);
    expect(() => decisionCurve([0.5, 0.5], [1, 0], { prevalence: 1 })).toThrow(/INVALID_OPTION/);
  });
});
