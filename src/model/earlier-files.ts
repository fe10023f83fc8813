import type { ScoreNormalizer, ScoreThreshold } from '../core/calibration.js';

/** How files of version 0.1 name a normalizer. */
type EarlierNormalizer =
  | { readonly kind: 'min-max'; readonly low: number; readonly high: number }
  | { readonly kind: 'empirical'; readonly sorted: readonly number[] };

/** How they name the count of normals. */
type EarlierThreshold = Omit<ScoreThreshold, 'normalCount'> & { readonly normals: number };

/** The normalizer of a file, whichever version wrote it. */
export function normalizerOf(
  saved: ScoreNormalizer | EarlierNormalizer | undefined,
): ScoreNormalizer | undefined {
  if (!saved || 'method' in saved) return saved;
  if (saved.kind === 'empirical') return { method: 'empirical', sorted: saved.sorted };
  return { method: 'minMax', low: saved.low, high: saved.high };
}

/** The threshold of a file, whichever version wrote it. */
export function thresholdOf(
  saved: ScoreThreshold | EarlierThreshold | undefined,
): ScoreThreshold | undefined {
  if (!saved || 'normalCount' in saved) return saved;
  const { normals, ...rest } = saved;
  return { ...rest, normalCount: normals };
}
