/** What a score is made of, for queries beside the rows of a store. */
export interface StoredAngles {
  /** [queries]: the K nearest rows, nearest first, and the angle to each, radians. */
  readonly nearest: readonly { readonly ids: Int32Array; readonly angles: Float32Array }[];
  /** [queries], radians: the sum of the angles to all rows kept. */
  readonly totals: Float64Array;
  /** [queries], rows kept. */
  readonly kept: Float64Array;
  /** [queries], radians: the standard error of each sum; absent where every row was compared. */
  readonly errors?: Float64Array;
}

/** What a comparison with a store is told. */
export interface ComparisonOptions {
  /** K, at most the rows kept. */
  readonly k: number;
  /** [queries]: a row left out for that query, or -1. */
  readonly ownRows?: ArrayLike<number>;
  readonly signal?: AbortSignal;
}

/** Queries that are compared at a time, so that a batch of cosines stays small. */
export const QUERIES = 64;
