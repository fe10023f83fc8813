import { certifiedRate } from '../support/certified-rate.js';
import {
  check,
  checkChoice,
  checkKnownOptions,
  checkList,
  checkNumber,
  checkObject,
} from '../support/check.js';
import { checkNormalScores } from '../support/check-normal-scores.js';
import type { ScoreThreshold } from '../support/decision-threshold.js';
import { promisedRank, promisedThreshold } from '../support/promised-threshold.js';

export type { ScoreThreshold };

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
 * @throws NOT_FINITE for NaN; INVALID_OPTION
 * @example
 * normalizeScore({ method: 'empirical', sorted: [0.1, 0.2, 0.3, 0.4] }, 0.25); // 0.5
 */
export function normalizeScore(normalizer: ScoreNormalizer, score: number): number {
  checkObject('normalizeScore', 'normalizer', normalizer, 'what fitScoreNormalizer returned');
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
  checkList('normalizeScore', 'sorted of normalizer', sorted);
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
 * The lowest decision threshold that keeps its promise: of new normals at most 1 - q are expected at or above it.
 *
 * It lies just above the order statistic s_(k), k = ceil((n + 1) q): a new normal that is exchangeable with the n others is
 * above s_(k) with a probability of (n + 1 - k) / (n + 1) <= 1 - q, whatever the distribution. (Interpolating between order statistics gives
 * more: .093 in place of .05 at 20 normals.) Where k > n it lies just above the highest score, and promises 1 / (n + 1).
 *
 * That is a mean over draws of the n. Of one draw the rate has the distribution Beta(n + 1 - k, k) at most, which gives the certificate.
 *
 * @param normalScores [n], scores of validation normals.
 * @returns the threshold, in units of the scores, its quantile, promise and certificate, and how many normals it was computed from.
 * @throws EMPTY_SET | NOT_FINITE | INVALID_OPTION | UNKNOWN_OPTION
 * @see Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005 (split conformal prediction); Vovk, Conditional validity of inductive
 * conformal predictors, ACML 2012 (the certificate). The paper has no threshold.
 * @example
 * const { value, falseAlarmRate } = fitThreshold(validationNormalScores, { quantile: 0.95 });
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

/** Of certificates. */
const CONFIDENCE = 0.95;

/** `fitThreshold` for the public call `where`. */
export function thresholdFrom(
  where: string,
  normalScores: ArrayLike<number>,
  quantile = 0.95,
): ScoreThreshold {
  checkNumber(where, 'quantile', quantile, { above: 0, max: 1 });
  const sorted = sortedScores(where, normalScores);
  const count = sorted.length;
  const falseAlarmRate = Math.max(1 - quantile, 1 / (count + 1));
  const value = promisedThreshold(sorted, quantile);
  const above = count - promisedRank(count, quantile);
  const certifiedFalseAlarmRate = certifiedRate(above, count, CONFIDENCE);
  return { value, quantile, falseAlarmRate, certifiedFalseAlarmRate, normalCount: count };
}

function sortedScores(where: string, scores: ArrayLike<number>): number[] {
  checkNormalScores(where, scores);
  return Array.from(scores).sort((a, b) => a - b);
}
