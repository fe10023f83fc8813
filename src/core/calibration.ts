import {
  check,
  checkChoice,
  checkFinite,
  checkKnownOptions,
  checkNumber,
} from '../support/check.js';

/** How raw scores are mapped to [0, 1] for people; JSON, fitted on validation normals. */
export type ScoreNormalizer =
  | {
      /** (s - low) / (high - low), clamped to [0, 1]. */
      readonly method: 'minMax';
      /** The lowest score of the normals. */
      readonly low: number;
      /** The highest score of the normals. */
      readonly high: number;
    }
  | {
      /** The share of normals that score below s. */
      readonly method: 'empirical';
      /** [normals]: their scores, lowest first. */
      readonly sorted: readonly number[];
    };

/** Scores of `value` and above are called abnormal; JSON, fitted on validation normals. */
export interface ScoreThreshold {
  /** In units of the score. */
  readonly value: number;
  /** The share of normals meant to stay below it, in (0, 1]. */
  readonly quantile: number;
  /** How many validation normals it was computed from. */
  readonly normalCount: number;
}

/**
 * A mapping of scores to [0, 1]: `minMax`, (s - low) / (high - low) clamped, or `empirical`, the
 * share of normals that score below s.
 *
 * @param normalScores [count], scores of validation images known to be normal; never those being judged.
 * @returns a plain object for `normalizeScore`.
 * @throws EMPTY_SET | NOT_FINITE | INVALID_OPTION | UNKNOWN_OPTION
 * @see ours: the paper has no mapping.
 * @example
 * const normalizer = fitScoreNormalizer(validationNormalScores, { method: 'empirical' });
 * const percentile = normalizeScore(normalizer, 0.31);
 */
export function fitScoreNormalizer(
  normalScores: ArrayLike<number>,
  options: {
    /** `empirical` is robust to one odd normal; `minMax` keeps distances. @defaultValue 'empirical' */
    readonly method?: ScoreNormalizer['method'];
  } = {},
): ScoreNormalizer {
  const where = 'fitScoreNormalizer';
  checkKnownOptions(where, options, { method: true });
  return normalizerFrom(where, normalScores, options.method);
}

/** `fitScoreNormalizer` for the public call `where`, whose option is `name`. */
export function normalizerFrom(
  where: string,
  normalScores: ArrayLike<number>,
  method: ScoreNormalizer['method'] = 'empirical',
  name = 'method',
): ScoreNormalizer {
  checkChoice(where, name, method, ['empirical', 'minMax']);
  const sorted = sortedScores(where, normalScores);
  return method === 'minMax'
    ? { method, low: sorted[0], high: sorted[sorted.length - 1] }
    : { method, sorted };
}

/**
 * Maps one score by a fitted normalizer.
 *
 * @param normalizer from `fitScoreNormalizer`. @param score in its units; infinity maps to 0 or 1.
 * @returns a number in [0, 1].
 * @throws NOT_FINITE for NaN
 * @example
 * normalizeScore({ method: 'empirical', sorted: [0.1, 0.2, 0.3, 0.4] }, 0.25); // 0.5
 */
export function normalizeScore(normalizer: ScoreNormalizer, score: number): number {
  check(
    !Number.isNaN(score),
    'NOT_FINITE',
    () => 'normalizeScore: score is NaN; check the embeddings with checkEmbeddings.',
  );
  if (normalizer.method === 'minMax') {
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
 * @param normalScores [count], scores of validation normals.
 * @returns the threshold, in units of the scores, its quantile, and how many normals it was computed from.
 * @throws EMPTY_SET | NOT_FINITE | INVALID_OPTION | UNKNOWN_OPTION
 * @see ours: the paper has no threshold.
 * @example
 * const threshold = fitThreshold(validationNormalScores, { quantile: 0.95 });
 */
export function fitThreshold(
  normalScores: ArrayLike<number>,
  options: {
    /** Share of normals meant to stay below the threshold, in (0, 1]. @defaultValue 0.95 */
    readonly quantile?: number;
  } = {},
): ScoreThreshold {
  const where = 'fitThreshold';
  checkKnownOptions(where, options, { quantile: true });
  return thresholdFrom(where, normalScores, options.quantile);
}

/** `fitThreshold` for the public call `where`. */
export function thresholdFrom(
  where: string,
  normalScores: ArrayLike<number>,
  quantile = 0.95,
): ScoreThreshold {
  checkNumber(where, 'quantile', quantile, { above: 0, max: 1 });
  const sorted = sortedScores(where, normalScores);
  const position = quantile * (sorted.length - 1);
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  const value = lower + (upper - lower) * (position - Math.floor(position));
  return { value, quantile, normalCount: sorted.length };
}

function sortedScores(where: string, scores: ArrayLike<number>): number[] {
  check(
    scores.length > 0,
    'EMPTY_SET',
    () => `${where}: normalScores is empty; score some validation images known to be normal.`,
  );
  checkFinite(where, 'normalScores', scores);
  return Array.from(scores).sort((a, b) => a - b);
}
