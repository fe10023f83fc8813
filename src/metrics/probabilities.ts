import { check } from '../support/check.js';
import { checkAllFinite, checkSameLength, countAnomalies } from './labelled-scores.js';

/** Every value a probability, or NOT_FINITE or INVALID_OPTION naming the first that is not. */
export function checkProbabilities(where: string, probabilities: ArrayLike<number>): void {
  checkAllFinite(where, 'probabilities', probabilities);
  for (let i = 0; i < probabilities.length; i++) {
    check(
      probabilities[i] >= 0 && probabilities[i] <= 1,
      'INVALID_OPTION',
      () =>
        `${where}: probabilities[${i}] is ${probabilities[i]}; expected numbers from 0 to 1; a raw ` +
        'score becomes one by calibrate.logistic or calibrate.isotonic.',
      { index: i, value: probabilities[i] },
    );
  }
}

/**
 * Probabilities with a label each, of at least one image; one class may be missing.
 *
 * @returns How many of the labels are 1.
 */
export function checkLabelledProbabilities(
  where: string,
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): number {
  checkSameLength(where, 'probabilities', probabilities, 'labels', labels);
  check(
    labels.length > 0,
    'EMPTY_SET',
    () => `${where}: labels is empty; expected at least one image.`,
  );
  checkProbabilities(where, probabilities);
  return countAnomalies(where, labels);
}
