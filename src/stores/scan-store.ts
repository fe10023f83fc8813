import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { scanBank } from '../operations/bank-scan.js';
import { check } from '../support/check.js';
import { hostTurns } from '../support/host.js';
import type { BankStore } from './bank-store.js';
import { checkBlock } from './check-store.js';
import { NearestSoFar } from './nearest-so-far.js';
import { type ComparisonOptions, QUERIES, type StoredAngles } from './stored-angles.js';

/**
 * Compares queries with every row of a store, in one pass over its blocks: as a bank in memory is, by the same kernel, so that memory
 * stays that of a block.
 *
 * @param queries [count, dim], unit rows.
 * @throws STORE_INVALID where the store gives other than rows, or fewer than K are kept | INVALID_EMBEDDING | `signal.reason`
 */
export async function scanStore(
  where: string,
  queries: Tensor2D,
  store: BankStore,
  { k, ownRows, signal }: ComparisonOptions,
): Promise<StoredAngles> {
  const [count, dim] = queries.shape;
  const found = new NearestSoFar(count, k);
  const totals = new Float64Array(count);
  const kept = new Float64Array(count);
  const giveHostItsTurn = hostTurns(signal);
  for await (const { ids, rows } of store.blocks()) {
    const size = checkBlock(where, { ids, rows }, dim);
    if (size === 0) continue;
    const places = ownRows && placesOf(ids);
    const block = tf.tensor2d(rows, [size, dim]);
    try {
      for (let first = 0; first < count; first += QUERIES) {
        await giveHostItsTurn();
        const end = Math.min(count, first + QUERIES);
        const own =
          places &&
          Int32Array.from({ length: end - first }, (_, i) => places.get(ownRows[first + i]) ?? -1);
        const { angles, indices, others, near } = await scanBlock(
          queries,
          [first, end],
          block,
          k,
          own,
        );
        for (let i = 0; i < end - first; i++) {
          const left = own?.[i] ?? -1;
          const query = first + i;
          kept[query] += left < 0 ? size : size - 1;
          if (size > near) totals[query] += Math.max(0, others[i]);
          for (let at = i * near; at < (i + 1) * near; at++) {
            if (indices[at] === left) continue;
            totals[query] += angles[at];
            found.offer(query, angles[at], ids[indices[at]]);
          }
        }
      }
    } finally {
      block.dispose();
    }
  }
  checkEnough(where, kept, k);
  return { nearest: Array.from(totals, (_, query) => found.of(query)), totals, kept };
}

/** The nearest rows of a block, and the sum of the angles to its others: of a block of K rows and fewer all, an own one among them. */
async function scanBlock(
  queries: Tensor2D,
  [first, end]: readonly [number, number],
  block: Tensor2D,
  k: number,
  own: Int32Array | undefined,
) {
  const [size, dim] = block.shape;
  const near = Math.min(k, size);
  const leftOut = size > k && own?.some((place) => place >= 0) ? own : undefined;
  const found = tf.tidy(() => {
    const some = tf.slice(queries, [first, 0], [end - first, dim]);
    return { ...scanBank(some, [block], { k: near, own: leftOut }) };
  });
  try {
    return {
      near,
      angles: await found.nearest.data<'float32'>(),
      indices: await found.indices.data<'int32'>(),
      others: await found.others.data<'float32'>(),
    };
  } finally {
    tf.dispose(found);
  }
}

function placesOf(ids: ArrayLike<number>): Map<number, number> {
  return new Map(Array.from(ids, (id, place) => [id, place]));
}

/** @throws STORE_INVALID */
function checkEnough(where: string, kept: Float64Array, k: number): void {
  const fewest = kept.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  check(
    fewest >= k,
    'STORE_INVALID',
    () =>
      `${where}: the blocks of the store have ${fewest} rows for a query; expected at least the ${k} that are averaged, and all that size() counts.`,
  );
}
