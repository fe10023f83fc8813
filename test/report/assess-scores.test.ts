import { expect, test } from 'vitest';
import {
  brierScore,
  calibrate,
  confusionAt,
  thresholds,
  wilsonInterval,
} from '../../src/metrics/index.js';
import { assessScores, figures } from '../../src/report/index.js';
import { drawnImages, fullInput } from './full-input.js';

const test1 = drawnImages(80, 31);
const validation = drawnImages(60, 32);
const options = { threshold: 0.8, replicates: 20 };

test('without validation images nothing is chosen, and there are curves alone', () => {
  const assessed = assessScores(test1, options);
  expect(Object.keys(assessed).sort()).toEqual([
    'confusion',
    'precisionRecallCurves',
    'rocCurves',
    'scores',
  ]);
  expect(assessed.confusion).toEqual(confusionAt(test1.scores, test1.labels, 0.8));
  expect(Object.keys(assessScores(test1, { replicates: 20 }))).not.toContain('confusion');
});

test('thresholds are those of the validation images, counts those of the test images', () => {
  const { operatingPoints = [] } = assessScores(test1, { ...options, validation });
  const threshold = thresholds.youden(validation.scores, validation.labels);
  const counts = confusionAt(test1.scores, test1.labels, threshold);
  expect(operatingPoints.find(({ name }) => name.startsWith('Youden'))).toMatchObject({
    threshold,
    sensitivity: wilsonInterval(counts.truePositives, 40),
    specificity: wilsonInterval(counts.trueNegatives, 40),
    precision: wilsonInterval(counts.truePositives, counts.truePositives + counts.falsePositives),
  });
  const swapped = { ...test1, labels: test1.labels.map((label) => 1 - label) };
  const again = assessScores(swapped, { ...options, validation }).operatingPoints ?? [];
  expect(again.map((point) => point.threshold)).toEqual(
    operatingPoints.map((point) => point.threshold),
  );
});

test('a threshold in use that a rule gives too has one row', () => {
  const threshold = thresholds.youden(validation.scores, validation.labels);
  const { operatingPoints = [] } = assessScores(test1, { ...options, threshold, validation });
  expect(operatingPoints.filter((point) => point.threshold === threshold)).toMatchObject([
    { name: 'Youden: sensitivity + specificity (in use)' },
  ]);
  expect(operatingPoints).toHaveLength(6);
});

test('probabilities come of the validation images, and are judged on the test images', () => {
  const { calibration } = assessScores(test1, { ...options, validation });
  const fitted = calibrate.logistic(validation.scores, validation.labels);
  const probabilities = calibrate.apply(fitted, test1.scores);
  expect(calibration?.brier.score).toBeCloseTo(brierScore(probabilities, test1.labels), 12);
  expect(calibration?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(80);
});

test('a threshold above every score has no precision, and flags nothing', () => {
  const { operatingPoints = [] } = assessScores(test1, { ...options, threshold: 99, validation });
  expect(operatingPoints[0]).not.toHaveProperty('precision');
  expect(operatingPoints[0].sensitivity.estimate).toBe(0);
});

test('with patients the bands are drawn by patient', () => {
  const patients = test1.labels.map((_, i) => `p${Math.floor(i / 20)}`);
  const [byImage] = assessScores(test1, options).rocCurves!;
  const [byPatient] = assessScores(test1, { ...options, patients }).rocCurves!;
  expect(byPatient.band!.estimates).toEqual(byImage.band!.estimates);
  expect(byPatient.band!.lower).not.toEqual(byImage.band!.lower);
  expect(() => assessScores(test1, { ...options, patients: ['a'] })).toThrow('LABELS_MISMATCH');
});

test.each([
  ['scores[0]', { ...test1, scores: [Number.NaN, ...test1.scores.slice(1)] }, {}],
  ['labels[0]', { ...test1, labels: [2, ...test1.labels.slice(1)] }, {}],
  ['validation.scores has', test1, { validation: { scores: [1], labels: [0, 1] } }],
  ['patients has', test1, { patients: ['a'] }],
  ['replicates is 0', test1, { replicates: 0 }],
  ['missCost is -1', test1, { missCost: -1 }],
  ['threshold is NaN', test1, { threshold: Number.NaN }],
])('errors name the call, and what is wrong: %s', (what, test, wrong) => {
  expect(() => assessScores(test, wrong)).toThrow(`assessScores: ${what}`);
});

test('every figure of a report can be had by itself', async () => {
  const drawn = await figures.ofReport(fullInput());
  expect(Object.keys(drawn).sort()).toEqual([
    'decisionCurve',
    'precisionRecall',
    'projection',
    'reliability',
    'roc',
    'scores',
    'shortcuts',
    'split',
    'subgroups',
    'trainingHistory',
  ]);
  for (const svg of Object.values(drawn)) expect(svg).toMatch(/^<svg /);
  expect(await figures.ofReport({ title: 'Bare' })).toEqual({});
});
