import { check, checkFinite, checkObjects } from '../support/check.js';
import { checkHasLists } from '../support/check-kinds.js';

/** One summand of a combined score: a score of the images to be judged, and of normal images to measure it by. */
export interface ScoreTerm {
  /** [count], in any unit. */
  readonly scores: ArrayLike<number>;
  /** [normals]: the same score of validation images known to be normal; never of those being judged. */
  readonly normals: ArrayLike<number>;
}

/**
 * Several scores of the same images as one: sum over terms of (s - mean) / sd, mean and standard deviation
 * (divided by the count) of the term's normals.
 *
 * @param terms at least one; all of the same images, in the same order.
 * @returns [count]; around 0 for normal images, higher is more abnormal.
 * @throws EMPTY_SET without terms or normals; LABELS_MISMATCH where terms are of different counts; NOT_FINITE;
 * INVALID_OPTION where all normals of a term score alike
 * @see ours: the paper scores by the embedding alone.
 * @example
 * const combined = combinedScore([
 *   { scores: [0.2, 0.9], normals: [0.1, 0.3] },
 *   { scores: [4, 2], normals: [1, 3] },
 * ]); // [2, 7]
 */
export function combinedScore(terms: readonly ScoreTerm[]): Float32Array {
  const where = 'combinedScore';
  checkObjects(where, 'terms', terms);
  check(
    terms.length > 0,
    'EMPTY_SET',
    () => `${where}: no terms were given; expected at least one score to sum.`,
  );
  terms.forEach((term, at) => {
    checkHasLists(where, `terms[${at}]`, term, ['scores', 'normals']);
  });
  const count = terms[0].scores.length;
  const sum = new Float64Array(count);
  terms.forEach(({ scores, normals }, at) => {
    const name = `terms[${at}]`;
    check(
      scores.length === count,
      'LABELS_MISMATCH',
      () =>
        `${where}: ${name}.scores has ${scores.length} entries but terms[0].scores has ${count}; expected the same images in the same order.`,
      { term: at },
    );
    checkFinite(where, `${name}.scores`, scores);
    const { mean, deviation } = spreadOf(where, `${name}.normals`, normals);
    for (let i = 0; i < count; i++) sum[i] += (scores[i] - mean) / deviation;
  });
  return Float32Array.from(sum);
}

function spreadOf(where: string, name: string, normals: ArrayLike<number>) {
  check(
    normals.length > 0,
    'EMPTY_SET',
    () => `${where}: ${name} is empty; score some validation images known to be normal.`,
  );
  checkFinite(where, name, normals);
  const values = Array.from(normals);
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  const differ = values.some((value) => value !== values[0]);
  check(
    differ && deviation > 0 && Number.isFinite(deviation),
    'INVALID_OPTION',
    () =>
      `${where}: ${name} has ${values.length} entries of standard deviation ${differ ? deviation : 0}; expected at least two different scores, whose spread a double can hold; give more normals, or leave the term out.`,
  );
  return { mean, deviation };
}
