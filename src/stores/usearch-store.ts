import {
  check,
  checkKnownOptions,
  checkLength,
  checkNumber,
  checkObject,
} from '../support/check.js';
import { hostTurns } from '../support/host.js';
import type { BankStore, StoredRows } from './bank-store.js';
import { alreadyThere, checkAdded, checkDim } from './check-store.js';
import { RowChunks } from './row-chunks.js';

/** Rows that are put into the index without a break. */
const PIECE = 256;

/**
 * A store in memory with an index of usearch: a graph that finds the nearest rows without comparing all.
 *
 * The rows themselves are kept beside the index, so that distances are exact whatever the index holds (f32, f16, i8). The key of a row in
 * the index is its place among the rows added. Research software: check the recall that `useStore` tells.
 *
 * @param index an `Index` of the package `usearch` (2.25 on Node 20), of metric 'l2sq', empty or with the rows that are given; yours to save.
 * @returns a store; `close()` frees the rows.
 * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | STORE_INVALID | INDEX_OUT_OF_RANGE | INVALID_EMBEDDING
 * @example
 * import { Index, MetricKind, ScalarKind } from 'usearch';
 *
 * const index = new Index(200, MetricKind.L2sq, ScalarKind.F32);
 * await model.useStore(usearchStore(index, { dim: 200 }), { search: 'index' });
 */
export function usearchStore(
  index: {
    /** As usearch has it. */
    readonly add: (keys: BigUint64Array, rows: Float32Array, threads?: number) => void;
    /** As usearch has it. */
    readonly search: (
      queries: Float32Array,
      k: number,
      threads: number,
    ) => { readonly keys: BigUint64Array };
    /** As usearch has it. */
    readonly size: () => number;
    /** As usearch has it. */
    readonly dimensions: () => number;
  },
  options: {
    /** Numbers in a row: the embedding size of the model. */
    readonly dim: number;
    /** The rows of an index that was read from a file, in the order of its keys. @defaultValue none: the index is empty */
    readonly stored?: StoredRows;
    /** Rows that the index is asked for, for each that is wanted; above 1 for an index of f16 or i8. @defaultValue 1 */
    readonly candidates?: number;
    /** Threads of usearch; 0 for as many as there are cores. @defaultValue 0 */
    readonly threads?: number;
  },
): BankStore {
  const where = 'usearchStore';
  checkKnownOptions(where, options, { dim: true, stored: true, candidates: true, threads: true });
  const { dim, stored, candidates = 1, threads = 0 } = options;
  checkObject(where, 'index', index, 'an Index of usearch; run `npm install usearch`', [
    'add',
    'search',
    'size',
    'dimensions',
  ]);
  checkDim(where, dim);
  checkNumber(where, 'candidates', candidates, { min: 1 });
  checkNumber(where, 'threads', threads, { min: 0, integer: true });
  check(
    Number(index.dimensions()) === dim,
    'SHAPE_MISMATCH',
    () =>
      `${where}: the index is of vectors of ${index.dimensions()} numbers; expected dim, ${dim}.`,
  );
  const chunks = new RowChunks(dim);
  if (stored) {
    checkObject(where, 'stored', stored, '{ ids, rows }', ['ids', 'rows']);
    checkAdded(where, stored, dim);
    chunks.add(stored);
  }
  checkLength(
    where,
    'stored.ids',
    { length: chunks.size },
    Number(index.size()),
    'vectors of the index',
  );

  /** The distance of each candidate by its own row, the nearest k first. */
  const ranked = (query: Float32Array, keys: ArrayLike<bigint>, k: number) => {
    const found = Array.from(keys, (key) => {
      const place = Number(key);
      check(
        place < chunks.size,
        'STORE_INVALID',
        () =>
          `${where}: the index gives the key ${key}; expected 0 to ${chunks.size - 1}, the places of rows in stored; give stored in the order of the keys of the index.`,
      );
      return { id: chunks.idOf(place), distance: chunks.distanceTo(place, query) };
    }).sort((a, b) => a.distance - b.distance || a.id - b.id);
    const nearest = found.slice(0, k);
    return {
      ids: nearest.map(({ id }) => id),
      distances: nearest.map(({ distance }) => distance),
    };
  };

  let broken = false;
  const checkWhole = () =>
    check(
      !broken,
      'STORE_INVALID',
      () =>
        `${where}: rows were added, and the index did not take all of them; expected an index of all rows; make a new index and add them to it.`,
    );

  return {
    dim,
    async size() {
      checkWhole();
      return chunks.size;
    },
    async add({ ids, rows }: StoredRows) {
      const call = 'BankStore.add (usearchStore)';
      checkWhole();
      const count = checkAdded(call, { ids, rows }, dim);
      const there = Array.from(ids).find((id) => chunks.has(id));
      if (there !== undefined) throw alreadyThere(call, there);
      const first = chunks.add({ ids, rows });
      const giveHostItsTurn = hostTurns();
      for (let at = 0; at < count; at += PIECE) {
        await giveHostItsTurn();
        const size = Math.min(PIECE, count - at);
        const keys = BigUint64Array.from({ length: size }, (_, i) => BigInt(first + at + i));
        try {
          index.add(keys, rows.slice(at * dim, (at + size) * dim), threads);
        } catch (error) {
          broken = true;
          throw error;
        }
      }
    },
    async nearest(queries: Float32Array, k: number) {
      checkWhole();
      const count = queries.length / dim;
      // usearch takes no more than there are.
      const asked = Math.min(chunks.size, Math.ceil(k * candidates));
      if (asked === 0) return Array.from({ length: count }, () => ({ ids: [], distances: [] }));
      const { keys, counts } = index.search(queries.slice(), asked, threads) as {
        readonly keys: BigUint64Array;
        readonly counts?: BigUint64Array;
      };
      return Array.from({ length: count }, (_, i) => {
        const found = counts ? Number(counts[i]) : keys.length;
        const own = keys.subarray(i * asked, i * asked + found);
        return ranked(queries.subarray(i * dim, (i + 1) * dim), own, k);
      });
    },
    blocks: () => chunks.blocks(),
    close: async () => chunks.clear(),
  };
}
