import type { Tensor2D } from '@tensorflow/tfjs-core';
import { scoreIsConstant, scoreNeighborsClamped } from '../core/warning.js';
import { compareWithStore } from '../stores/compare-with-store.js';
import { check } from '../support/check.js';
import type { RawScores, ScoringOptions } from './raw-scores.js';
import type { AttachedStore } from './stored-bank.js';

/**
 * Scores embeddings beside the rows of a store: both scores as `scoreEmbeddings` gives them of a bank in memory.
 *
 * Where sums are estimated, the standard error of `relative` is that of the sum, carried over: relative x error / sum.
 *
 * @throws NO_ROWS_KEPT | STORE_INVALID | INVALID_EMBEDDING | `signal.reason`
 */
export async function scoreByStore(
  where: string,
  embeddings: Tensor2D,
  { store, sample, recall }: AttachedStore,
  options: Omit<ScoringOptions, 'discard'>,
): Promise<RawScores> {
  const { ownRows, signal } = options;
  const size = await store.size();
  check(
    sample === undefined || sample.size === size,
    'STORE_INVALID',
    () =>
      `${where}: the store has ${size} rows; expected ${sample?.size}, of which useStore drew its sample; call useStore again after rows are added.`,
  );
  const k = neighborsInForce(where, size, options);
  const found = await compareWithStore(where, embeddings, store, sample, { k, ownRows, signal });
  const { nearest, totals, kept, errors } = found;
  const means = nearest.map(({ angles }) => angles.reduce((sum, angle) => sum + angle, 0) / k);
  const relative = Float32Array.from(means, (mean, i) =>
    totals[i] > 0 ? Math.min(1, (mean * kept[i]) / totals[i]) : 0,
  );
  return {
    relative,
    angular: Float32Array.from(means, (mean) => mean / Math.PI),
    nearest: nearest.map(({ ids }) => ids),
    angles: nearest.map(({ angles }) => angles),
    scoreNeighbors: k,
    ...(errors && {
      relativeErrors: relative.map((score, i) =>
        totals[i] > 0 ? (score * errors[i]) / totals[i] : 0,
      ),
      recall,
    }),
  };
}

/** K, lowered to the rows that are kept for every image. */
function neighborsInForce(
  where: string,
  size: number,
  { scoreNeighbors, ownRows, onWarning }: Omit<ScoringOptions, 'discard'>,
): number {
  const kept = size - (ownRows ? 1 : 0);
  check(
    kept > 0,
    'NO_ROWS_KEPT',
    () =>
      `${where}: the store has ${size} rows${ownRows ? ", an image's own among them" : ''}; expected one at least to compare with.`,
  );
  const k = Math.min(scoreNeighbors, kept);
  if (k < scoreNeighbors)
    onWarning?.(scoreNeighborsClamped(where, scoreNeighbors, k, 'rows of the store are kept'));
  if (k === kept) onWarning?.(scoreIsConstant(where));
  return k;
}
