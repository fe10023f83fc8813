import type { BankStore } from '../stores/bank-store.js';
import type { StoreSample } from '../stores/store-sample.js';

/** A bank that lies in a store. */
export interface StoredBank {
  /** Rows that the store had when the bank went there. */
  readonly size: number;
  /** One more than the highest row of the bank as it was in memory: what rows of cells, and ids, go by. */
  readonly images: number;
  /** A few of its rows, by which the store is known again. */
  readonly known: KnownRows;
  /** Absent in a loaded model that was given no store yet. */
  readonly attached?: AttachedStore;
}

/** Some rows of a bank: the number of each, and its values. */
export interface KnownRows {
  readonly ids: readonly number[];
  /** [rows][dim] */
  readonly rows: readonly (readonly number[])[];
}

/** A store that a model scores with. */
export interface AttachedStore {
  readonly store: BankStore;
  /** From which sums of angles are estimated, where its index is asked; absent where every row is compared. */
  readonly sample?: StoreSample;
  /** Recall at K of its index, in [0, 1]; absent likewise. */
  readonly recall?: number;
}
