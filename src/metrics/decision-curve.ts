import { check, checkKnownOptions } from '../support/check.js';
import { checkPrevalence } from './prevalence-shift.js';
import { checkLabelledProbabilities } from './probabilities.js';

/** Net benefit at each threshold probability, in true positives per image. */
export interface DecisionCurve {
  /** [count], threshold probabilities, as they were asked for. */
  readonly thresholds: Float64Array;
  /** [count], the net benefit of acting on the images whose probability reaches the threshold. */
  readonly model: Float64Array;
  /** [count], the net benefit of acting on every image. */
  readonly treatAll: Float64Array;
  /** [count], the net benefit of acting on none: 0. */
  readonly treatNone: Float64Array;
}

/**
 * Decision curve: whether acting on the probabilities does more good than acting on all or on none.
 *
 * net benefit(t) = sensitivity * prevalence - (1 - specificity) * (1 - prevalence) * t / (1 - t)
 *
 * The threshold t weighs a false alarm against an anomaly found: acting at 0.1 means that one anomaly found is
 * worth nine false alarms.
 * The probabilities must be calibrated, at the prevalence given: see
 * `calibrate.toPrevalence`.
 *
 * @param probabilities [count], in [0, 1].
 * @param labels [count], 0 = normal, 1 = anomalous; both, where a prevalence is given.
 * @returns A net benefit a threshold, at most the prevalence.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @see Vickers and Elkin, Medical Decision Making 2006.
 * @example
 * const curve = decisionCurve([0.1, 0.3, 0.8], [0, 0, 1], { thresholds: [0.25] });
 * curve.model; // 1/3 - 1/3 * 1/3 = 0.222...
 */
export function decisionCurve(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: {
    /** [count], threshold probabilities, each in [0, 1). @defaultValue 0.01, 0.02, ... 0.99 */
    readonly thresholds?: ArrayLike<number>;
    /** Share of anomalous images where it will be used, in (0, 1). @defaultValue the share in `labels` */
    readonly prevalence?: number;
  } = {},
): DecisionCurve {
  const where = 'decisionCurve';
  checkKnownOptions(where, options, { thresholds: true, prevalence: true });
  const anomalies = checkLabelledProbabilities(where, probabilities, labels);
  const normals = labels.length - anomalies;
  const thresholds = Float64Array.from(options.thresholds ?? percents());
  checkThresholds(where, thresholds);
  // Per anomalous and per normal image flagged; without a prevalence each image is one of the set.
  let [found, flagged] = [1 / labels.length, 1 / labels.length];
  if (options.prevalence !== undefined) {
    checkPrevalence(where, 'prevalence', options.prevalence);
    check(
      anomalies > 0 && normals > 0,
      'EMPTY_SET',
      () =>
        `${where}: labels hold ${anomalies} anomalous (1) among ${labels.length}; expected both ` +
        'classes where a prevalence is given.',
    );
    found = options.prevalence / anomalies;
    flagged = (1 - options.prevalence) / normals;
  }
  const netBenefit = (truePositives: number, falsePositives: number, threshold: number) =>
    truePositives * found - (falsePositives * flagged * threshold) / (1 - threshold);
  return {
    thresholds,
    model: thresholds.map((threshold) => {
      let [truePositives, falsePositives] = [0, 0];
      for (let i = 0; i < labels.length; i++) {
        if (probabilities[i] < threshold) continue;
        if (labels[i] === 1) truePositives += 1;
        else falsePositives += 1;
      }
      return netBenefit(truePositives, falsePositives, threshold);
    }),
    treatAll: thresholds.map((threshold) => netBenefit(anomalies, normals, threshold)),
    treatNone: new Float64Array(thresholds.length),
  };
}

function percents(): Float64Array {
  return Float64Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
}

function checkThresholds(where: string, thresholds: Float64Array): void {
  thresholds.forEach((threshold, i) => {
    check(
      threshold >= 0 && threshold < 1,
      'INVALID_OPTION',
      () =>
        `${where}: thresholds[${i}] is ${threshold}; expected a probability from 0 up to, not with, 1.`,
      { index: i, threshold },
    );
  });
}
