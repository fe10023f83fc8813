import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  areaUnderRocWithin,
  averagePrecision,
  confusionAt,
  delongInterval,
  delongTest,
  precisionRecallCurve,
  prevalence,
  rocCurve,
} from '../../src/metrics/index.js';

type Metric = (scores: number[], labels: number[]) => unknown;

const metrics: [string, Metric][] = [
  ['areaUnderRoc', areaUnderRoc],
  ['areaUnderRocWithin', (s, l) => areaUnderRocWithin(s, l, s)],
  ['averagePrecision', averagePrecision],
  ['confusionAt', (s, l) => confusionAt(s, l, 0)],
  ['delongInterval', delongInterval],
  ['delongTest', (s, l) => delongTest(s, s, l)],
  ['precisionRecallCurve', precisionRecallCurve],
  ['rocCurve', rocCurve],
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

it('a variance needs two images of each class', () => {
  expect(() => delongInterval([1, 2, 3], [0, 0, 1])).toThrow(/1 anomalous.*at least 2.*EMPTY_SET/);
});

it('delongTest says whose score is wrong', () => {
  expect(() => delongTest([1, 2, 3, 4], [1, 2, 3, Number.NaN], [0, 0, 1, 1])).toThrow(
    /scoresB\[3\] is NaN/,
  );
});

it('options are checked', () => {
  expect(() => delongInterval([1, 2], [0, 1], { level: 95 })).toThrow(/INVALID_OPTION/);
  expect(() => delongInterval([1, 2], [0, 1], { alpha: 0.1 } as object)).toThrow(/UNKNOWN_OPTION/);
  expect(() => confusionAt([1, 2], [0, 1], Number.NaN)).toThrow(/INVALID_OPTION/);
  expect(() => prevalence([])).toThrow(/EMPTY_SET/);
  expect(() => prevalence([0, 0.5])).toThrow(/LABELS_MISMATCH/);
});
