import { check, checkFinite, checkObjects } from '../support/check.js';
import { checkHasLists } from '../support/check-kinds.js';

/** One summand of a combined score: a score of the images to be judged, and of normal images to measure it by. */
export interface ScoreTerm {
  /** [count], in any unit. */
  readonly scores: ArrayLike<number>;
  /** [normals]: the same score of validation images known to be normal; never of those being judged. */
  readonly normals: ArrayLike<number>;
}

/** Mean and standard deviation of a score over normal images, by which it is standardised. */
export interface ScoreSpread {
  /** In units of the score. */
  readonly mean: number;
  /** Divided by the count, above 0; in units of the score. */
  readonly deviation: number;
}

/**
 * Several scores of the same images as one: sum over terms of (s - mean) / sd, mean and standard deviation
 * (divided by the count) of the term's normals.
 *
 * @param terms at least one; all of the same images, in the same order.
 * @returns [count]; around 0 for normal images, higher is more abnormal.
 * @throws EMPTY_SET without terms or normals; LABELS_MISMATCH where terms are of different counts; NOT_FINITE;
 * INVALID_OPTION where all normals of a term score alike
 * @see ours: the paper scores by the embedding alone. `combinedDetector` does this for models, and sets a threshold.
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
  const standardized = terms.map(({ scores, normals }, at) => {
    const name = `terms[${at}]`;
    check(
      scores.length === count,
      'LABELS_MISMATCH',
      () =>
        `${where}: ${name}.scores has ${scores.length} entries but terms[0].scores has ${count}; expected the same images in the same order.`,
      { term: at },
    );
    checkFinite(where, `${name}.scores`, scores);
    return standardizedBy(spreadOf(where, `${name}.normals`, normals), scores);
  });
  return Float32Array.from(sumOf(standardized));
}

/** Mean and standard deviation of scores of normals. @throws EMPTY_SET | NOT_FINITE | INVALID_OPTION where all are alike */
export function spreadOf(where: string, name: string, normals: ArrayLike<number>): ScoreSpread {
  check(
    normals.length > 0,
    'EMPTY_SET',
    () => `${where}: ${name} is empty; score some validation images known to be normal.`,
  );
  checkFinite(where, name, normals);
  const spread = spreadIn(Array.from(normals));
  check(
    spread !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: ${name} has ${normals.length} entries of standard deviation 0 or beyond a double; expected at least two different scores, whose spread a double can hold; give more normals, or leave the term out.`,
  );
  return spread;
}

/** [count]: scores in deviations from the mean of normals. */
export function standardizedBy(
  { mean, deviation }: ScoreSpread,
  scores: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(scores, (score) => (score - mean) / deviation);
}

/**
 * [count]: scores of normals, each in deviations of the others.
 *
 * A threshold on a sum of terms must not be set by normals as they are standardised themselves: they shape mean and deviation, a new
 * normal does not, and more new ones than promised would reach it (9% in place of 5%: 20 normals, four log-normal terms).
 */
export function standardizedByOthers(normals: ArrayLike<number>): Float64Array {
  const values = Array.from(normals);
  const whole = spreadIn(values) ?? { mean: 0, deviation: 1 };
  const count = values.length;
  const squares = count * whole.deviation ** 2;
  return Float64Array.from(values, (score, own) => {
    const away = score - whole.mean;
    const rest = squares - (away * away * count) / (count - 1);
    const others =
      rest > 1e-6 * squares
        ? { mean: whole.mean - away / (count - 1), deviation: Math.sqrt(rest / (count - 1)) }
        : // One holds nearly all of the spread, so that the difference has no digits.
          (spreadIn(values.filter((_, i) => i !== own)) ?? whole);
    return (score - others.mean) / others.deviation;
  });
}

/** [count]: the sum of lists of as many numbers each, each list times its weight. */
export function sumOf(
  lists: readonly ArrayLike<number>[],
  weights: readonly number[] = lists.map(() => 1),
): Float64Array {
  return Float64Array.from({ length: lists[0].length }, (_, i) =>
    lists.reduce((sum, list, at) => sum + weights[at] * list[i], 0),
  );
}

/** Undefined where the values do not differ, or a double cannot hold how much. */
function spreadIn(values: readonly number[]): ScoreSpread | undefined {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  const differ = values.some((value) => value !== values[0]);
  return differ && deviation > 0 && Number.isFinite(deviation) ? { mean, deviation } : undefined;
}
