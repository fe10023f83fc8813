import { check } from '../support/check.js';
import { splitByLabel } from './labelled-scores.js';

/** What a threshold does: counts, and the rates read from them. */
export interface Confusion {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
  /** Share of the anomalous images that are flagged. */
  readonly sensitivity: number;
  /** Share of the normal images that are not. */
  readonly specificity: number;
  /** Share of the flagged images that are anomalous; NaN where none is flagged. */
  readonly precision: number;
  /** (sensitivity + specificity) / 2. */
  readonly balancedAccuracy: number;
}

/**
 * Counts and rates at one threshold; an image is flagged when score >= threshold.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @param threshold On the scale of the scores; Infinity flags nothing.
 * @throws LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, INVALID_OPTION
 * @example
 * confusionAt([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.4).sensitivity; // 0.5
 */
export function confusionAt(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  threshold: number,
): Confusion {
  const where = 'confusionAt';
  check(
    !Number.isNaN(threshold),
    'INVALID_OPTION',
    () => `${where}: threshold is NaN; expected a number on the scale of the scores.`,
  );
  const { normal, anomalous } = splitByLabel(where, scores, labels);
  const flagged = (values: Float64Array) => values.filter((score) => score >= threshold).length;
  const truePositives = flagged(anomalous);
  const falsePositives = flagged(normal);
  const sensitivity = truePositives / anomalous.length;
  const trueNegatives = normal.length - falsePositives;
  const specificity = trueNegatives / normal.length;
  return {
    threshold,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives: anomalous.length - truePositives,
    sensitivity,
    specificity,
    precision: truePositives / (truePositives + falsePositives),
    balancedAccuracy: (sensitivity + specificity) / 2,
  };
}
