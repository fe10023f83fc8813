import { precisionRecallBand, rocBand } from '../../metrics/bands.js';
import { costThreshold, f1Threshold, youdenThreshold } from '../../metrics/best-thresholds.js';
import { brierDecomposition } from '../../metrics/brier.js';
import { calibratedProbabilities } from '../../metrics/calibration.js';
import { confusionAt } from '../../metrics/confusion.js';
import { decisionCurve } from '../../metrics/decision-curve.js';
import { checkSameLength, splitByLabel } from '../../metrics/labelled-scores.js';
import { fitLogisticCalibration } from '../../metrics/logistic-calibration.js';
import { precisionRecallCurve } from '../../metrics/precision-recall.js';
import { reliability } from '../../metrics/reliability.js';
import { rocCurve } from '../../metrics/roc.js';
import { thresholdAtQuantile } from '../../metrics/thresholds-at-rates.js';
import { wilsonInterval } from '../../metrics/wilson.js';
import { check, checkKnownOptions, checkNumber } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { type DecisionThreshold, thresholdText } from '../../support/decision-threshold.js';
import { formatNumber } from './format.js';
import type { LabelledScores, OperatingPoint, ReportInput } from './report-input.js';

/** Options of `assessScores`. */
export interface AssessmentOptions {
  /** Name of the detector. @defaultValue 'SALAD' */
  readonly name?: string;
  /**
   * Scores at or above it are flagged: the threshold in use. `decisionThreshold` of a model or a result also tells what is promised
   * of it. Without it nothing is said of it.
   */
  readonly threshold?: number | DecisionThreshold;
  /** Images to find thresholds and calibration on, none of them among the test images; without it neither is given. */
  readonly validation?: LabelledScores;
  /** [images], a patient key per test image: bands are drawn by patient. Without it they are drawn by image. */
  readonly patients?: ArrayLike<string | number>;
  /** How many times a missed anomaly is worse than a false alarm. @defaultValue 5 */
  readonly missCost?: number;
  /** Resamples behind the bands. @defaultValue 500 */
  readonly replicates?: number;
}

/**
 * The sections of a report that follow from scores and labels: curves with bands, the threshold in use,
 * and, where there are validation images, other thresholds, calibration and the decision curve.
 *
 * Nothing is chosen on the test images: without validation images there is no more than the curves.
 *
 * @param test scores (higher = more anomalous, finite) and labels of both classes; no threshold is chosen by them.
 * @returns fields of a `ReportInput`, to be spread into one.
 * @throws LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, INVALID_OPTION, UNKNOWN_OPTION, TRAINING_DIVERGED
 * @example
 * const page = await renderReport({ title: 'Chest X-rays', ...assessScores(test, { validation }) });
 */
export function assessScores(
  test: LabelledScores,
  options: AssessmentOptions = {},
): Pick<
  ReportInput,
  | 'rocCurves'
  | 'precisionRecallCurves'
  | 'scores'
  | 'confusion'
  | 'confusionNote'
  | 'operatingPoints'
  | 'operatingPointsNote'
  | 'calibration'
  | 'decisionCurve'
> {
  const where = 'assessScores';
  checkKnownOptions(where, options, {
    name: true,
    threshold: true,
    validation: true,
    patients: true,
    missCost: true,
    replicates: true,
  });
  const { name = 'SALAD', validation, patients, replicates = 500 } = options;
  const { threshold, promise } = inUse(options);
  checkHasLists(where, 'test', test, ['scores', 'labels']);
  if (validation) checkHasLists(where, 'validation', validation, ['scores', 'labels']);
  const { scores, labels } = test;
  // Here, so that errors name this call and not the metrics within.
  splitByLabel(where, scores, labels);
  if (validation)
    splitByLabel(where, validation.scores, validation.labels, { name: 'validation.scores' });
  if (patients) checkSameLength(where, 'patients', patients, 'labels', labels);
  checkNumber(where, 'replicates', replicates, { min: 1, integer: true });
  checkNumber(where, 'missCost', options.missCost ?? 5, { min: 0 });
  check(
    !Number.isNaN(threshold),
    'INVALID_OPTION',
    () => `${where}: threshold is NaN; expected a number on the scale of the scores.`,
  );
  const band = { replicates, ...(patients && { groups: patients }) };
  return {
    rocCurves: [{ name, ...rocCurve(scores, labels), band: rocBand(scores, labels, band) }],
    precisionRecallCurves: [
      {
        name,
        ...precisionRecallCurve(scores, labels),
        band: precisionRecallBand(scores, labels, band),
      },
    ],
    scores: { scores, labels, ...(threshold !== undefined && { threshold }) },
    ...(threshold !== undefined && { confusion: confusionAt(scores, labels, threshold) }),
    ...(promise && { confusionNote: promise }),
    ...(validation && {
      operatingPoints: operatingPoints(test, validation, threshold, options),
      operatingPointsNote:
        'Thresholds found on the validation images; what they do is counted on the test images, with 95% intervals (Wilson).',
      ...calibration(test, validation),
    }),
  };
}

/** The threshold in use as a number, and what it promises. */
function inUse({ threshold }: AssessmentOptions): { threshold?: number; promise?: string } {
  if (typeof threshold !== 'object') return { threshold };
  return { threshold: threshold.value, promise: thresholdText(threshold) };
}

/** Thresholds of the usual kinds, found on `validation`, and what they do on `test`. */
function operatingPoints(
  test: LabelledScores,
  { scores, labels }: LabelledScores,
  threshold: number | undefined,
  { missCost = 5 }: AssessmentOptions,
): OperatingPoint[] {
  const normals = Array.from(scores).filter((_, i) => labels[i] === 0);
  const others = [
    ...[0.9, 0.95, 0.99].map((share) => ({
      name: `${Math.round(100 * share)}% of the normal images pass`,
      threshold: thresholdAtQuantile(normals, share),
    })),
    { name: 'Youden: sensitivity + specificity', threshold: youdenThreshold(scores, labels) },
    { name: 'F1', threshold: f1Threshold(scores, labels) },
    {
      name: `cost: a miss is ${formatNumber(missCost)} false alarms`,
      threshold: costThreshold(scores, labels, { falseNegative: missCost }),
    },
  ];
  // A threshold that one of these rules gives too has one row.
  const same = others.some((other) => other.threshold === threshold);
  const found = [
    ...(threshold === undefined || same ? [] : [{ name: 'in use', threshold }]),
    ...others.map((other) =>
      other.threshold === threshold ? { ...other, name: `${other.name} (in use)` } : other,
    ),
  ];
  return found.map(({ name, threshold: at }) => operatingPoint(name, test, at));
}

function operatingPoint(name: string, test: LabelledScores, threshold: number): OperatingPoint {
  const counts = confusionAt(test.scores, test.labels, threshold);
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = counts;
  const flagged = truePositives + falsePositives;
  return {
    name,
    threshold,
    sensitivity: wilsonInterval(truePositives, truePositives + falseNegatives),
    specificity: wilsonInterval(trueNegatives, trueNegatives + falsePositives),
    ...(flagged > 0 && { precision: wilsonInterval(truePositives, flagged) }),
  };
}

function calibration(test: LabelledScores, validation: LabelledScores) {
  const fitted = fitLogisticCalibration(validation.scores, validation.labels);
  const probabilities = calibratedProbabilities(fitted, test.scores);
  return {
    calibration: {
      ...reliability(probabilities, test.labels),
      brier: brierDecomposition(probabilities, test.labels),
      note: 'Probabilities by a logistic curve fitted to the validation scores; they hold where abnormal images are as common as there. Counted on the test images, with 95% intervals (Wilson).',
    },
    decisionCurve: decisionCurve(probabilities, test.labels),
  };
}
