import { check, checkFinite, checkList } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/** Scores split by class: what every rank statistic starts from. */
export interface ScoresByClass {
  /** Scores of the images labelled 0, in the order given. */
  readonly normal: Float64Array;
  /** Scores of the images labelled 1, in the order given. */
  readonly anomalous: Float64Array;
}

/**
 * Checks scores against their labels and splits them by class.
 *
 * @throws LABELS_MISMATCH for unequal lengths or a label other than 0 and 1; NOT_FINITE for a score
 * that is no finite number; EMPTY_SET where a class has fewer than `atLeast` images.
 */
export function splitByLabel(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { atLeast = 1, name = 'scores' } = {},
): ScoresByClass {
  checkSameLength(where, name, scores, 'labels', labels);
  checkAllFinite(where, name, scores);
  const anomalies = countAnomalies(where, labels);
  const normals = labels.length - anomalies;
  for (const [name, label, count] of [
    ['normal', 0, normals],
    ['anomalous', 1, anomalies],
  ] as const) {
    check(
      count >= atLeast,
      'EMPTY_SET',
      () =>
        `${where}: labels hold ${count} ${name} (${label}) among ${labels.length}; expected at ` +
        `least ${atLeast} of each class; add images of the missing class.`,
      { label, count },
    );
  }
  const normal = new Float64Array(normals);
  const anomalous = new Float64Array(anomalies);
  let nextNormal = 0;
  let nextAnomalous = 0;
  for (let i = 0; i < scores.length; i++) {
    if (labels[i] === 1) anomalous[nextAnomalous++] = scores[i];
    else normal[nextNormal++] = scores[i];
  }
  return { normal, anomalous };
}

/** How many labels are 1; any label other than 0 and 1 is LABELS_MISMATCH. */
export function countAnomalies(where: string, labels: ArrayLike<number>): number {
  checkList(where, 'labels', labels);
  let count = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0 || labels[i] === 1) {
      count += labels[i];
      continue;
    }
    throw new SaladError(
      'LABELS_MISMATCH',
      `${where}: labels[${i}] is ${labels[i]}; expected 0 (normal) or 1 (anomalous).`,
      { index: i, label: labels[i] },
    );
  }
  return count;
}

/** Finite numbers alone, or NOT_FINITE naming the first that is not. */
export function checkAllFinite(where: string, name: string, scores: ArrayLike<number>): void {
  checkFinite(where, name, scores, 'look at the image or model that gave it');
}

export function checkSameLength(
  where: string,
  name: string,
  values: ArrayLike<unknown>,
  otherName: string,
  others: ArrayLike<unknown>,
): void {
  checkList(where, name, values);
  checkList(where, otherName, others);
  check(
    values.length === others.length,
    'LABELS_MISMATCH',
    () =>
      `${where}: ${name} has ${values.length} entries but ${otherName} has ${others.length}; ` +
      'expected one of each per image.',
    { [name]: values.length, [otherName]: others.length },
  );
}
