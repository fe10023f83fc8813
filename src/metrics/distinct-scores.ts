import { checkList } from '../support/check.js';

/**
 * How many different scores there are: a detector that gives everything one score shows here.
 *
 * @param scores [count].
 * @returns A whole number from 0 to count; 0 and -0 are one score.
 * @throws INVALID_OPTION
 * @example
 * distinctScores([0.1, 0.1, 0.2]); // 2
 */
export function distinctScores(scores: ArrayLike<number>): number {
  checkList('distinctScores', 'scores', scores);
  return new Set(Array.from(scores)).size;
}
