import { check, checkFinite, checkList } from './check.js';

/** `normalScores`: a list of one finite number or more. @throws EMPTY_SET | NOT_FINITE | INVALID_OPTION */
export function checkNormalScores(where: string, scores: ArrayLike<number>): void {
  checkList(where, 'normalScores', scores);
  check(
    scores.length > 0,
    'EMPTY_SET',
    () => `${where}: normalScores is empty; score some validation images known to be normal.`,
  );
  checkFinite(where, 'normalScores', scores);
}
