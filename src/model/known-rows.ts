import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { BankStore } from '../stores/bank-store.js';
import { searchStore } from '../stores/search-store.js';
import { check } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import type { KnownRows } from './stored-bank.js';

/** Rows that a store is known again by: in a file of 200 numbers each, 15 kB. */
const KNOWN = 4;

/** How near a row must be to one of the store to be there, radians: embeddings of another network are a hundred times as far. */
const SAME = 0.003;

/** A few rows of a bank, drawn among those chosen. */
export async function knownRowsOf(
  rows: Tensor2D,
  chosen: Int32Array,
  seed: number,
): Promise<KnownRows> {
  const order = new RandomStream(seed, ['known-rows']).permutation(chosen.length);
  const ids = Array.from(order.subarray(0, KNOWN), (place) => chosen[place]);
  const some = tf.tidy(() => tf.gather(rows, tf.tensor1d(ids, 'int32')));
  try {
    return { ids, rows: (await some.array()) as number[][] };
  } finally {
    some.dispose();
  }
}

/** Whether a store has rows of this model's bank; an index may miss some of them. @throws STORE_MISMATCH | STORE_INVALID */
export async function checkKnown(
  where: string,
  store: BankStore,
  { rows }: KnownRows,
): Promise<void> {
  const { nearest } = await searchStore(where, Float32Array.from(rows.flat()), store, { k: 1 });
  const found = nearest.filter(({ angles: [angle] }) => angle <= SAME).length;
  check(
    found > 0 && 2 * found >= rows.length,
    'STORE_MISMATCH',
    () =>
      `${where}: of ${rows.length} rows of the model's bank the store has ${found}; expected the store that was filled from this model, since rows of another network mean nothing to it.`,
    { rows: rows.length, found },
  );
}
