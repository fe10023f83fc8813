import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  areaUnderRocWithin,
  averagePrecision,
  brierDecomposition,
  brierScore,
  calibrate,
  confusionAt,
  decisionCurve,
  delongInterval,
  delongTest,
  partialAreaUnderRoc,
  precisionRecallCurve,
  prevalence,
  reliability,
  rocCurve,
  thresholds,
} from '../../src/metrics/index.js';

type Metric = (scores: number[], labels: number[]) => unknown;

const metrics: [string, Metric][] = [
  ['areaUnderRoc', areaUnderRoc],
  ['areaUnderRocWithin', (s, l) => areaUnderRocWithin(s, l, s)],
  ['averagePrecision', averagePrecision],
  ['confusionAt', (s, l) => confusionAt(s, l, 0)],
  ['thresholds.cost', thresholds.cost],
  ['delongInterval', delongInterval],
  ['delongTest', (s, l) => delongTest(s, s, l)],
  ['thresholds.f1', thresholds.f1],
  ['calibrate.isotonic', calibrate.isotonic],
  ['calibrate.logistic', calibrate.logistic],
  ['partialAreaUnderRoc', (s, l) => partialAreaUnderRoc(s, l, { specificity: [0.9, 1] })],
  ['precisionRecallCurve', precisionRecallCurve],
  ['rocCurve', rocCurve],
  ['thresholds.atSensitivity', (s, l) => thresholds.atSensitivity(s, l, 0.5)],
  ['thresholds.atSpecificity', (s, l) => thresholds.atSpecificity(s, l, 0.5)],
  ['thresholds.youden', thresholds.youden],
];

describe.each(metrics)('%s', (name, metric) => {
  it('refuses one class, naming the missing one', () => {
    expect(() => metric([1, 2, 3], [0, 0, 0])).toThrow(
      new RegExp(`^${name}: labels hold 0 anomalous .*EMPTY_SET`),
    );
    expect(() => metric([1, 2, 3], [1, 1, 1])).toThrow(
      new RegExp(`^${name}: labels hold 0 normal .*EMPTY_SET`),
    );
    expect(() => metric([], [])).toThrow(/EMPTY_SET/);
  });

  it('refuses scores that are not finite, with the index', () => {
    expect(() => metric([1, 2, Number.NaN, 4], [0, 0, 1, 1])).toThrow(
      /scoresA?\[2\] is NaN.*NOT_FINITE/,
    );
    expect(() => metric([1, Infinity, 3, 4], [0, 0, 1, 1])).toThrow(/scoresA?\[1\].*NOT_FINITE/);
  });

  it('refuses labels that do not fit', () => {
    expect(() => metric([1, 2, 3], [0, 1])).toThrow(/3 entries.*has 2.*LABELS_MISMATCH/);
    expect(() => metric([1, 2, 3], [0, 1, 2])).toThrow(/labels\[2\] is 2.*LABELS_MISMATCH/);
  });
});

const ofProbabilities: [string, Metric][] = [
  ['brierDecomposition', brierDecomposition],
  ['brierScore', brierScore],
  ['decisionCurve', decisionCurve],
  ['reliability', reliability],
];

describe.each(ofProbabilities)('%s', (name, metric) => {
  it('takes one class, and refuses none', () => {
    expect(() => metric([0, 0.5], [0, 0])).not.toThrow();
    expect(() => metric([], [])).toThrow(new RegExp(`^${name}: labels is empty.*EMPTY_SET`));
  });

  it('refuses what is no probability, with the index and the remedy', () => {
    for (const score of [-0.1, 1.1, 31]) {
      expect(() => metric([0.5, score], [0, 1])).toThrow(
        /probabilities\[1\] is .*calibrate.logistic.*INVALID_OPTION/,
      );
    }
    expect(() => metric([0.5, Number.NaN], [0, 1])).toThrow(/probabilities\[1\].*NOT_FINITE/);
  });

  it('refuses labels that do not fit', () => {
    expect(() => metric([0.5], [0, 1])).toThrow(/1 entries.*has 2.*LABELS_MISMATCH/);
    expect(() => metric([0.5, 0.5], [0, 2])).toThrow(/labels\[1\] is 2.*LABELS_MISMATCH/);
  });
});

it('a variance needs two images of each class', () => {
  expect(() => delongInterval([1, 2, 3], [0, 0, 1])).toThrow(/1 anomalous.*at least 2.*EMPTY_SET/);
});

it('delongTest says whose score is wrong', () => {
  expect(() => delongTest([1, 2, 3, 4], [1, 2, 3, Number.NaN], [0, 0, 1, 1])).toThrow(
    /scoresB\[3\] is NaN/,
  );
});

it('thresholds.atQuantile takes normal scores alone', () => {
  expect(() => thresholds.atQuantile([], 0.95)).toThrow(/^thresholds.atQuantile: .*EMPTY_SET/);
  expect(() => thresholds.atQuantile([1, Number.NaN], 0.95)).toThrow(
    /normalScores\[1\].*NOT_FINITE/,
  );
  expect(() => thresholds.atQuantile([1], 0)).toThrow(/share is 0;.*INVALID_OPTION/);
  expect(() => thresholds.atQuantile([1], 95)).toThrow(/share is 95;.*INVALID_OPTION/);
});

it('options are checked', () => {
  for (const rate of [-0.1, 1.1, 95, Number.NaN]) {
    expect(() => thresholds.atSpecificity([1, 2], [0, 1], rate)).toThrow(/INVALID_OPTION/);
    expect(() => thresholds.atSensitivity([1, 2], [0, 1], rate)).toThrow(/INVALID_OPTION/);
  }
  expect(() => thresholds.cost([1, 2], [0, 1], { falseNegative: -1 })).toThrow(/INVALID_OPTION/);
  expect(() => thresholds.cost([1, 2], [0, 1], { falsePositive: -1 })).toThrow(/INVALID_OPTION/);
  expect(() => thresholds.cost([1, 2], [0, 1], { prevalence: 1 })).toThrow(/INVALID_OPTION/);
  expect(() => thresholds.cost([1, 2], [0, 1], { cost: 1 } as object)).toThrow(/UNKNOWN_OPTION/);
  expect(() => reliability([1, 0], [0, 1], { bins: 0 })).toThrow(/INVALID_OPTION/);
  expect(() => reliability([1, 0], [0, 1], { binning: 'mass' as 'equalMass' })).toThrow(
    /binning is 'mass'.*INVALID_OPTION/,
  );
  expect(() => reliability([1, 0], [0, 1], { level: 95 })).toThrow(/INVALID_OPTION/);
  expect(() => reliability([1, 0], [0, 1], { alpha: 0.9 } as object)).toThrow(/UNKNOWN_OPTION/);
  expect(() => decisionCurve([1, 0], [0, 1], { threshold: [0.1] } as object)).toThrow(
    /Did you mean 'thresholds'.*UNKNOWN_OPTION/,
  );
  expect(() => delongInterval([1, 2], [0, 1], { level: 95 })).toThrow(/INVALID_OPTION/);
  expect(() => delongInterval([1, 2], [0, 1], { alpha: 0.1 } as object)).toThrow(/UNKNOWN_OPTION/);
  expect(() => confusionAt([1, 2], [0, 1], Number.NaN)).toThrow(/INVALID_OPTION/);
  expect(() => prevalence([])).toThrow(/EMPTY_SET/);
  expect(() => prevalence([0, 0.5])).toThrow(/LABELS_MISMATCH/);
});
