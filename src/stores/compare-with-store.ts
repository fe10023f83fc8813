import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { BankStore } from './bank-store.js';
import { scanStore } from './scan-store.js';
import { searchStore } from './search-store.js';
import type { StoreSample } from './store-sample.js';
import type { ComparisonOptions, StoredAngles } from './stored-angles.js';

/**
 * Compares queries with the rows of a store: with all of them, or, given a sample, with those that its index finds.
 *
 * @param queries [count, dim], unit rows.
 * @throws STORE_INVALID | INVALID_EMBEDDING | `signal.reason`
 */
export async function compareWithStore(
  where: string,
  queries: Tensor2D,
  store: BankStore,
  sample: StoreSample | undefined,
  options: ComparisonOptions,
): Promise<StoredAngles> {
  if (!sample) return scanStore(where, queries, store, options);
  const searched = await searchStore(where, (await queries.data()) as Float32Array, store, options);
  const totals = await sample.totals(queries, searched, options.ownRows);
  return { nearest: searched.nearest, ...totals };
}
