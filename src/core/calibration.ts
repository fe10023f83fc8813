import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';

/** How raw scores are mapped to [0, 1] for people; JSON, fitted on validation normals. */
export type ScoreNormalizer =
  | { readonly kind: 'min-max'; readonly low: number; readonly high: number }
  | { readonly kind: 'empirical'; readonly sorted: readonly number[] };

/** Scores of `value` and above are called abnormal; JSON, fitted on validation normals. */
export interface ScoreThreshold {
  readonly value: number;
  /** The share of normals meant to stay below it. */
  readonly quantile: number;
  /** How many validation normals it rests on. */
  readonly normals: number;
}

/**
 * A mapping of scores to [0, 1]: `min-max`, (s - low) / (high - low) clamped, or `empirical`, the
 * share of normals that score below s.
 *
 * @param normalScores scores of validation images known to be normal; never those being judged.
 * @param options.kind `empirical` unless told.
 * @throws EMPTY_SET | NOT_FINITE | INVALID_OPTION
 * @see ours: the paper has no mapping.
 * @example
 * const normalizer = fitScoreNormalizer(validationNormalScores, { kind: 'empirical' });
 * const percentile = normalizeScore(normalizer, 0.31);
 */
export function fitScoreNormalizer(
  normalScores: ArrayLike<number>,
  options: { kind?: ScoreNormalizer['kind'] } = {},
): ScoreNormalizer {
  checkKnownOptions('fitScoreNormalizer', options, ['kind']);
  const { kind = 'empirical' } = options;
  checkChoice('fitScoreNormalizer', 'kind', kind, ['empirical', 'min-max']);
  const sorted = sortedFinite('fitScoreNormalizer', normalScores);
  return kind === 'min-max'
    ? { kind: 'min-max', low: sorted[0], high: sorted[sorted.length - 1] }
    : { kind: 'empirical', sorted };
}

/**
 * Maps one score by a fitted normalizer.
 *
 * @returns a number in [0, 1].
 * @throws NOT_FINITE for NaN
 * @example
 * normalizeScore({ kind: 'empirical', sorted: [0.1, 0.2, 0.3, 0.4] }, 0.25); // 0.5
 */
export function normalizeScore(normalizer: ScoreNormalizer, score: number): number {
  check(
    !Number.isNaN(score),
    'NOT_FINITE',
    () => 'normalizeScore: the score is NaN; check the embeddings with checkEmbeddings.',
  );
  if (normalizer.kind === 'min-max') {
    const { low, high } = normalizer;
    if (high === low) return score > high ? 1 : 0;
    return Math.min(1, Math.max(0, (score - low) / (high - low)));
  }
  const { sorted } = normalizer;
  let below = 0;
  let end = sorted.length;
  while (below < end) {
    const middle = (below + end) >> 1;
    if (sorted[middle] < score) below = middle + 1;
    else end = middle;
  }
  return below / sorted.length;
}

/**
 * The decision threshold that leaves the given share of validation normals below it
 * (linear interpolation between order statistics).
 *
 * @param normalScores scores of validation normals. @param options.quantile in (0, 1]; .95 unless told.
 * @throws EMPTY_SET | NOT_FINITE | INVALID_OPTION
 * @see ours: the paper has no threshold.
 * @example
 * const threshold = fitThreshold(validationNormalScores, { quantile: 0.95 });
 */
export function fitThreshold(
  normalScores: ArrayLike<number>,
  options: { quantile?: number } = {},
): ScoreThreshold {
  checkKnownOptions('fitThreshold', options, ['quantile']);
  const { quantile = 0.95 } = options;
  checkNumber('fitThreshold', 'quantile', quantile, { above: 0, max: 1 });
  const sorted = sortedFinite('fitThreshold', normalScores);
  const position = quantile * (sorted.length - 1);
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  const value = lower + (upper - lower) * (position - Math.floor(position));
  return { value, quantile, normals: sorted.length };
}

function sortedFinite(where: string, scores: ArrayLike<number>): number[] {
  check(
    scores.length > 0,
    'EMPTY_SET',
    () => `${where}: no scores were given; score some validation images known to be normal.`,
  );
  const sorted = Array.from(scores).sort((a, b) => a - b);
  check(
    sorted.every(Number.isFinite),
    'NOT_FINITE',
    () => `${where}: a score is not finite; check the embeddings with checkEmbeddings.`,
  );
  return sorted;
}
