import { check } from '../support/check.js';
import { splitByLabel } from './labelled-scores.js';

/** What a threshold does: counts, and the rates read from them. */
export interface Confusion {
  /** Scores at or above it are flagged. */
  readonly threshold: number;
  /** Anomalous images that are flagged. */
  readonly truePositives: number;
  /** Normal images that are flagged. */
  readonly falsePositives: number;
  /** Normal images that are not flagged. */
  readonly trueNegatives: number;
  /** Anomalous images that are not flagged. */
  readonly falseNegatives: number;
  /** Share of the anomalous images that are flagged. */
  readonly sensitivity: number;
  /** Share of the normal images that are not flagged. */
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
 * @returns Four counts that add up to the images, and rates in [0, 1].
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET
 * @example
 * confusionAt([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.4).sensitivity; // 0.5
 */
export function confusionAt(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  threshold: number,
): Confusion {
  return confusion('confusionAt', scores, labels, threshold);
}

/** {@link confusionAt}, for a caller whose name the errors bear. */
export function confusion(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  threshold: number,
): Confusion {
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
