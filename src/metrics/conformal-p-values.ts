import { check, checkList, checkNumber } from '../support/check.js';
import { checkNormalScores } from '../support/check-normal-scores.js';
import { countBelow } from './count-below.js';

/**
 * How rare a score as high would be among normal images: conformal p-values.
 *
 * p(s) = (1 + #{normals scoring s or more}) / (n + 1). Of a new normal that is exchangeable with the n normals it is at most u with a
 * probability of at most u, for every u in (0, 1] and whatever the distribution of the scores. It never falls below 1 / (n + 1). Nothing
 * is promised where new normals differ from these: another device, other patients, another recipe.
 *
 * @param scores [images], infinity allowed; those being judged, which are not among the normals.
 * @param normalScores [n], finite scores of validation images known to be normal.
 * @returns [images], in [1 / (n + 1), 1].
 * @throws EMPTY_SET without normals | NOT_FINITE | INVALID_OPTION
 * @see Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005, chapter 2; as `Empirical` of nonconform 2.0.
 * @example
 * conformal.pValues([0.25, 0.9], [0.1, 0.2, 0.3, 0.4]); // 0.6 and 0.2
 */
export function conformalPValues(
  scores: ArrayLike<number>,
  normalScores: ArrayLike<number>,
): Float64Array {
  const where = 'conformal.pValues';
  checkList(where, 'scores', scores);
  checkNormalScores(where, normalScores);
  const unknown = Array.from(scores).findIndex((score) => !(score >= Number.NEGATIVE_INFINITY));
  check(
    unknown === -1,
    'NOT_FINITE',
    () => `${where}: scores[${unknown}] is ${scores[unknown]}; expected a number.`,
  );
  const sorted = Float64Array.from(normalScores).sort();
  return Float64Array.from(scores, (score) => conformalPValue(score, sorted));
}

/** The p-value of one score beside n normal ones, `sorted` rising, n > 0. */
export function conformalPValue(score: number, sorted: ArrayLike<number>): number {
  return (1 + sorted.length - countBelow(sorted, score)) / (1 + sorted.length);
}

/**
 * The lowest false alarm rate that n normals can promise, and the lowest p-value that they can give: 1 / (n + 1).
 *
 * @param normalCount n, at least 1.
 * @returns a share in (0, 1).
 * @throws INVALID_OPTION
 * @see Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005.
 * @example
 * conformal.smallestPromise(19); // 0.05
 */
export function smallestPromise(normalCount: number): number {
  checkNumber('conformal.smallestPromise', 'normalCount', normalCount, { min: 1, integer: true });
  return 1 / (normalCount + 1);
}
