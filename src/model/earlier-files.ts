import type { ScoreNormalizer } from '../core/calibration.js';
import type { DecisionThreshold, ScoreThreshold } from '../support/decision-threshold.js';
import type { NormalScores } from './normal-scores.js';

/** How files of version 0.1 name a normalizer. */
type EarlierNormalizer =
  | { readonly kind: 'min-max'; readonly low: number; readonly high: number }
  | { readonly kind: 'empirical'; readonly sorted: readonly number[] };

/** Their thresholds, all of which were chosen by a quantile of normals, and how version 0.1 names the count of those. */
type EarlierThreshold = Omit<ScoreThreshold, 'normalCount'> &
  ({ readonly normals: number } | { readonly normalCount: number });

/** The normalizer of a file, whichever version wrote it. */
export function normalizerOf(
  saved: ScoreNormalizer | EarlierNormalizer | undefined,
): ScoreNormalizer | undefined {
  if (!saved || 'method' in saved) return saved;
  if (saved.kind === 'empirical') return { method: 'empirical', sorted: saved.sorted };
  return { method: 'minMax', low: saved.low, high: saved.high };
}

/** The scores of normals, in a file that has them only where its normalizer is made of them. */
export function scoresOfNormals(normalizer: ScoreNormalizer | undefined): NormalScores | undefined {
  return normalizer?.method === 'empirical' ? { all: normalizer.sorted } : undefined;
}

/** The threshold of a file, whichever version wrote it. */
export function thresholdOf(
  saved: DecisionThreshold | EarlierThreshold | undefined,
): DecisionThreshold | undefined {
  if (!saved || 'chosenBy' in saved) return saved;
  const { value, quantile, falseAlarmRate } = saved;
  const normalCount = 'normals' in saved ? saved.normals : saved.normalCount;
  const promised = falseAlarmRate !== undefined && { falseAlarmRate };
  return { chosenBy: 'falseAlarmRate', value, quantile, ...promised, normalCount };
}
