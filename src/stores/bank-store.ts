/** Rows of a bank, and the number of each. */
export interface StoredRows {
  /** [count], whole numbers from 0 to 2^31 - 1, each once in a store: of a model's bank the indices of its training images. */
  readonly ids: ArrayLike<number>;
  /** [count * dim], row after row, each of length 1. */
  readonly rows: Float32Array;
}

/**
 * Where the rows of a bank lie, if not in memory: what `SaladModel.useStore` asks of it.
 *
 * `lanceStore`, `usearchStore` and `pgvectorStore` make one of a package of yours; any other object with these members will do.
 *
 * @example
 * const store: BankStore = pgvectorStore(pool, { table: 'chest_bank', dim: 200 });
 * await store.add({ ids: [0, 1], rows: twoRows });
 * const [{ ids, distances }] = await store.nearest(query, 1);
 */
export interface BankStore {
  /** Numbers in a row. */
  readonly dim: number;
  /** How many rows there are now. */
  readonly size: () => Promise<number>;
  /** Adds rows: all of them, or none and an error. An id that is there already is an error. */
  readonly add: (added: StoredRows) => Promise<void>;
  /**
   * For each of `queries` [count * dim] its k nearest rows, nearest first: `ids`, and `distances`, Euclidean, of the rows as they were
   * added. An index may miss some of the nearest; it gives k all the same.
   */
  readonly nearest: (
    queries: Float32Array,
    k: number,
  ) => Promise<readonly { ids: ArrayLike<number>; distances: ArrayLike<number> }[]>;
  /** Every row once, in blocks of a size that suits the store. */
  readonly blocks: () => AsyncIterable<StoredRows>;
  /** Frees what the store holds itself; a connection that it was given stays yours. */
  readonly close: () => Promise<void>;
}
