import { check } from '../support/check.js';

/** One score of the images to be judged, and of normal images to measure it by. */
export interface ScorePart {
  /** [count] */
  readonly scores: ArrayLike<number>;
  /** [normals]: the same score of validation images known to be normal; never of those being judged. */
  readonly normals: ArrayLike<number>;
}

/**
 * Several scores of the same images as one: sum over parts of (s - mean) / sd, mean and standard deviation
 * (divided by the count) of the part's normals.
 *
 * @returns [count]; around 0 for normal images, higher is more abnormal.
 * @throws EMPTY_SET without parts or normals; LABELS_MISMATCH where parts are of different counts; NOT_FINITE;
 * INVALID_OPTION where all normals of a part score alike
 * @see ours: the paper scores by the embedding alone.
 * @example
 * const combined = combinedScore([
 *   { scores: [0.2, 0.9], normals: [0.1, 0.3] },
 *   { scores: [4, 2], normals: [1, 3] },
 * ]); // [2, 7]
 */
export function combinedScore(parts: readonly ScorePart[]): Float32Array {
  check(
    parts.length > 0,
    'EMPTY_SET',
    () => 'combinedScore: no parts were given; expected at least one score to sum.',
  );
  const [{ scores: first }] = parts;
  const sum = new Float64Array(first.length);
  parts.forEach(({ scores, normals }, at) => {
    const where = `combinedScore: part ${at}`;
    check(
      scores.length === first.length,
      'LABELS_MISMATCH',
      () =>
        `${where} has ${scores.length} scores where part 0 has ${first.length}; expected the same images in the same order.`,
      { part: at },
    );
    checkFinite(where, scores);
    const { mean, deviation } = spreadOf(where, normals);
    for (let i = 0; i < sum.length; i++) sum[i] += (scores[i] - mean) / deviation;
  });
  return Float32Array.from(sum);
}

function spreadOf(where: string, normals: ArrayLike<number>) {
  check(
    normals.length > 0,
    'EMPTY_SET',
    () => `${where} has no normals; score some validation images known to be normal.`,
  );
  checkFinite(`${where}, normals`, normals);
  const values = Array.from(normals);
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  const differ = values.some((value) => value !== values[0]);
  check(
    differ && deviation > 0 && Number.isFinite(deviation),
    'INVALID_OPTION',
    () =>
      `${where}: ${differ ? `the standard deviation of ${values.length} normals is ${deviation}` : `all ${values.length} normals score ${values[0]}`}, so that there is no spread to measure by; expected normals of at least two scores, neither too near nor too far for a double; give more of them, or leave the part out.`,
  );
  return { mean, deviation };
}

function checkFinite(where: string, scores: ArrayLike<number>): void {
  const odd = Array.from(scores).findIndex((score) => !Number.isFinite(score));
  check(
    odd === -1,
    'NOT_FINITE',
    () => `${where}: score ${odd} is ${scores[odd]}; expected finite numbers.`,
    { index: odd },
  );
}
