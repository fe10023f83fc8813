import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkSignal } from '../support/check-kinds.js';
import { checkTensor } from '../support/tensors.js';
import type { BankStore } from './bank-store.js';
import { checkStore } from './check-store.js';
import { scanStore } from './scan-store.js';
import { searchStore } from './search-store.js';
import type { StoreSample } from './store-sample.js';

/** Rows that stand for films when the recall of an index is told. */
const TRIED = 64;

/**
 * Recall at K of a store's index: the share of the K nearest rows that it finds, over some queries.
 *
 *     recall = mean over queries of |found ∩ true| / K
 *
 * The true ones are found by a pass over every row. Of rows at one distance any will do: a row counts as found where it is no farther
 * than the K-th true one, by 1e-5 of its angle.
 *
 * @param store any.
 * @param queries [count, dim], unit rows such as `model.embed` gives them; yours to dispose.
 * @returns a share, in [0, 1].
 * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | STORE_INVALID | INVALID_EMBEDDING | `signal.reason`
 * @example
 * const recall = await storeRecall(store, embeddings, { k: 10 }); // 0.98, say
 */
export async function storeRecall(
  store: BankStore,
  queries: Tensor2D,
  options: {
    /** K, from 1 to the rows of the store. @defaultValue 10 */
    readonly k?: number;
    /** Ends the call, which rejects with `signal.reason`. @defaultValue none */
    readonly signal?: AbortSignal;
  } = {},
): Promise<number> {
  const where = 'storeRecall';
  checkKnownOptions(where, options, { k: true, signal: true });
  const { k = 10, signal } = options;
  checkSignal(where, signal);
  checkTensor(where, 'queries', queries, 'a tensor [count, dim]');
  check(
    queries.rank === 2 && queries.shape[0] > 0,
    'SHAPE_MISMATCH',
    () =>
      `${where}: queries has shape [${queries.shape}]; expected [count, dim] with one at least.`,
  );
  checkStore(where, store, queries.shape[1]);
  checkNumber(where, 'k', k, { min: 1, max: await store.size(), integer: true });
  return recallOf(where, store, queries, { k, signal });
}

/** The same on some rows that were drawn, each beside the others: rows are as films are, embeddings of normal images. */
export async function recallOnSample(
  where: string,
  store: BankStore,
  sample: StoreSample,
  { k, signal }: { k: number; signal?: AbortSignal },
): Promise<number> {
  const count = Math.min(TRIED, sample.ids.length);
  const rows = tf.tensor2d(sample.rows.subarray(0, count * store.dim), [count, store.dim]);
  try {
    return await recallOf(where, store, rows, {
      k,
      ownRows: sample.ids.subarray(0, count),
      signal,
    });
  } finally {
    rows.dispose();
  }
}

async function recallOf(
  where: string,
  store: BankStore,
  queries: Tensor2D,
  options: { k: number; ownRows?: ArrayLike<number>; signal?: AbortSignal },
): Promise<number> {
  const values = (await queries.data()) as Float32Array;
  const truth = await scanStore(where, queries, store, options);
  const { nearest } = await searchStore(where, values, store, options);
  let found = 0;
  nearest.forEach(({ angles }, query) => {
    const farthest = truth.nearest[query].angles[options.k - 1] * (1 + 1e-5) + 1e-6;
    for (const angle of angles) if (angle <= farthest) found++;
  });
  return found / (nearest.length * options.k);
}
