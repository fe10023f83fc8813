import { check, checkObject } from '../support/check.js';
import { hostTurns } from '../support/host.js';
import type { BankStore } from './bank-store.js';
import { checkIds } from './check-store.js';
import { NearestSoFar } from './nearest-so-far.js';
import { type ComparisonOptions, QUERIES, type StoredAngles } from './stored-angles.js';

/** Nearest rows as an index finds them. */
export interface Searched {
  /** [queries]: the K nearest but for the query's own. */
  readonly nearest: StoredAngles['nearest'];
  /** [queries]: the angle to the query's own row; undefined where it has none, or it was not among those found. */
  readonly ownAngles: readonly (number | undefined)[];
}

/**
 * Asks a store for the nearest rows of queries, by whatever index it has.
 *
 * @param queries [count * dim], unit rows.
 * @throws STORE_INVALID where the store gives other than K rows, or what is none | `signal.reason`
 */
export async function searchStore(
  where: string,
  queries: Float32Array,
  store: BankStore,
  { k, ownRows, signal }: ComparisonOptions,
): Promise<Searched> {
  const { dim } = store;
  const count = queries.length / dim;
  const giveHostItsTurn = hostTurns(signal);
  const nearest: { ids: Int32Array; angles: Float32Array }[] = [];
  const ownAngles: (number | undefined)[] = [];
  for (let first = 0; first < count; first += QUERIES) {
    await giveHostItsTurn();
    const end = Math.min(count, first + QUERIES);
    const asked = k + (ownRows ? 1 : 0);
    const answers = await store.nearest(queries.subarray(first * dim, end * dim), asked);
    check(
      answers?.length === end - first,
      'STORE_INVALID',
      () =>
        `${where}: the store gave ${answers?.length} answers for ${end - first} queries; expected one for each.`,
    );
    answers.forEach((answer, i) => {
      checkObject(where, 'answer of the store', answer, 'ids and distances', ['ids', 'distances']);
      const { ids, distances } = answer;
      checkIds(where, ids);
      const own = ownRows?.[first + i] ?? -1;
      const found = new NearestSoFar(1, k);
      let ownAngle: number | undefined;
      let others = 0;
      for (let at = 0; at < ids.length; at++) {
        const angle = angleOf(where, distances[at], ids[at]);
        if (ids[at] === own) ownAngle = angle;
        else {
          found.offer(0, angle, ids[at]);
          others++;
        }
      }
      checkCount(where, others, k);
      nearest.push(found.of(0));
      ownAngles.push(ownAngle);
    });
  }
  return { nearest, ownAngles };
}

/** Of unit vectors |u - v| apart; as exact near 0 as the distance is. @throws STORE_INVALID */
function angleOf(where: string, distance: number, id: number): number {
  check(
    distance >= 0 && distance < 2.1,
    'STORE_INVALID',
    () =>
      `${where}: the store gave the distance ${distance} to row ${id}; expected a Euclidean distance of vectors of length 1, from 0 to 2.`,
  );
  return Math.fround(2 * Math.asin(Math.min(1, distance / 2)));
}

/** @throws STORE_INVALID */
function checkCount(where: string, found: number, k: number): void {
  check(
    found >= k,
    'STORE_INVALID',
    () =>
      `${where}: the index of the store found ${found} rows for a query; expected ${k}; widen its search (hnsw.ef_search or hnsw.iterative_scan of pgvector, nprobes of LanceDB), lower scoreNeighbors, or use search: 'exact'.`,
    { found, k },
  );
}
