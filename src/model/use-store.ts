import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { MemoryBank } from '../core/memory-bank.js';
import type { BankStore } from '../stores/bank-store.js';
import { checkStore } from '../stores/check-store.js';
import { fillStore } from '../stores/fill-store.js';
import { recallOnSample } from '../stores/store-recall.js';
import { StoreSample } from '../stores/store-sample.js';
import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { checkCoresetSize } from '../support/coreset-size.js';
import type { Progress } from '../support/progress.js';
import { checkBackendReady } from '../support/train-check.js';
import type { SaladWarning } from '../support/warning.js';
import { checkKnown, knownRowsOf } from './known-rows.js';
import { checkAlive, fittedBank, type ModelPieces } from './model-state.js';
import type { AttachedStore, StoredBank } from './stored-bank.js';

/** A model would rather be told of an index that misses more than this. */
const LOW_RECALL = 0.95;

/** How a model scores with a store. */
export interface UseStoreOptions {
  /**
   * Compare with every row, read block by block (`exact`), or with those that the `index` of the store finds: then the sum over all
   * rows, which `relative` needs, is estimated from a sample, and results tell its error and the recall of the index.
   *
   * @defaultValue 'exact'
   */
  readonly search?: 'exact' | 'index';
  /**
   * What of the bank an empty store is filled with: a share of the rows, in (0, 1], or a whole number above 1, chosen as
   * `MemoryBank.coreset` does. Calibrate again below 1: scores rise.
   *
   * @defaultValue 1
   */
  readonly coreset?: number;
  /** Rows that are drawn where the index is searched, by the seed of the model. @defaultValue 4096 */
  readonly sample?: number;
  /** Told how many rows are in the store, while it is filled. @defaultValue none */
  readonly onProgress?: (progress: Progress) => void;
  /** Called where the index misses many of the nearest rows. @defaultValue none */
  readonly onWarning?: (warning: SaladWarning) => void;
  /** Ends the call, which rejects with `signal.reason`; the model stays as it was, the store may be filled in part. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** What a model tells of its store. */
export interface StoreFacts {
  /** Rows that the store has. */
  readonly size: number;
  /** How they are searched. */
  readonly search: 'exact' | 'index';
  /** Recall at K of the index, in [0, 1], on 64 of its rows, each beside the others; absent where every row is compared. */
  readonly recall?: number;
}

/** Has a model score with a store, which is filled where it is empty; the bank in memory is freed. */
export async function useStore(
  where: string,
  model: ModelPieces,
  store: BankStore,
  options: UseStoreOptions,
): Promise<StoreFacts> {
  checkOptions(where, options);
  const { search = 'exact', coreset, signal } = options;
  checkAlive(where, model);
  checkBackendReady(where);
  checkStore(where, store, model.network.backbone.embeddingSize);
  signal?.throwIfAborted();
  const before = model.state.stored;
  const stored = before
    ? await again(where, store, before, coreset)
    : await moved(where, model, store, options);
  await checkKnown(where, store, stored.known);
  const attached = await attachedTo(where, model, store, options);
  const rows = await store.size();
  checkAlive(where, model);
  const { state } = model;
  check(
    state.stored === before && (before !== undefined || state.bank === stored.bank),
    'STORE_MISMATCH',
    () => `${where}: the bank of the model was changed meanwhile; call it again, alone.`,
  );
  const { size, images, known } = stored;
  const next: StoredBank = { size, images, known, attached };
  model.state = { ...state, bank: undefined, discard: [], stored: next };
  state.bank?.dispose();
  return {
    size: rows,
    search,
    ...(attached.recall !== undefined && { recall: attached.recall }),
  };
}

/** @throws UNKNOWN_OPTION | INVALID_OPTION */
function checkOptions(where: string, options: UseStoreOptions): void {
  checkKnownOptions(where, options, {
    search: true,
    coreset: true,
    sample: true,
    onProgress: true,
    onWarning: true,
    signal: true,
  });
  const { search = 'exact', coreset = 1, sample = 1, onProgress, onWarning, signal } = options;
  checkChoice(where, 'search', search, ['exact', 'index']);
  checkCoresetSize(where, 'coreset', coreset);
  checkNumber(where, 'sample', sample, { min: 1, integer: true });
  checkFunction(where, 'onProgress', onProgress);
  checkFunction(where, 'onWarning', onWarning);
  checkSignal(where, signal);
}

/** A store that a saved model, or one that scores with another, is given. @throws STORE_MISMATCH | INVALID_OPTION */
async function again(
  where: string,
  store: BankStore,
  stored: StoredBank,
  coreset: number | undefined,
): Promise<StoredBank & { bank?: MemoryBank }> {
  check(
    coreset === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: coreset is given, but the bank of the model lies in a store already; expected it where an empty store is filled from memory.`,
  );
  checkSize(where, await store.size(), stored.size);
  return { ...stored, bank: undefined };
}

/** The rows of a bank in memory, in the store; those of known anomalies, with which nothing is compared, stay out of it. */
async function moved(
  where: string,
  model: ModelPieces,
  store: BankStore,
  { coreset, signal, onProgress }: UseStoreOptions,
): Promise<StoredBank & { bank: MemoryBank }> {
  const bank = fittedBank(where, model);
  const { discard } = model.state;
  const there = await store.size();
  check(
    there === 0 || coreset === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: coreset is given, but the store has ${there} rows already; expected an empty one to fill.`,
  );
  const rows = tf.clone(bank.rows) as Tensor2D;
  try {
    const { seed } = model.settings;
    const all = Int32Array.from(discard.flatMap((out, row) => (out ? [] : [row])));
    const chosen =
      coreset === undefined || coreset === 1
        ? all
        : (await bank.coreset({ size: coreset, seed, discard, signal })).sort();
    if (there === 0) await fillStore(store, rows, chosen, { signal, onProgress });
    const size = await store.size();
    checkSize(where, size, chosen.length);
    return { bank, size, images: bank.size, known: await knownRowsOf(rows, chosen, seed) };
  } finally {
    rows.dispose();
  }
}

/** @throws STORE_MISMATCH */
function checkSize(where: string, size: number, expected: number): void {
  check(
    size >= expected,
    'STORE_MISMATCH',
    () =>
      `${where}: the store has ${size} rows, the bank of the model ${expected}; expected an empty store, or all of these rows: filling one may have been broken off; empty it and call again with the bank in memory.`,
    { size, expected },
  );
}

async function attachedTo(
  where: string,
  { settings, state }: ModelPieces,
  store: BankStore,
  { search, sample: count = 4096, onWarning, signal }: UseStoreOptions,
): Promise<AttachedStore> {
  if (search !== 'index') return { store };
  const sample = await StoreSample.draw(where, store, { count, seed: settings.seed, signal });
  const k = Math.min(settings.scoreNeighbors, sample.size - 1);
  if (k < 1) return { store, sample, recall: 1 };
  const recall = await recallOnSample(where, store, sample, { k, signal });
  if (recall < LOW_RECALL)
    onWarning?.({
      code: 'STORE_RECALL_LOW',
      message: `${where}: the index of the store finds ${(100 * recall).toFixed(1)}% of the ${k} nearest rows, so that scores${state.threshold ? ' beside the threshold' : ''} are too high; widen its search, build it with more connections, or use search: 'exact'; and calibrate.`,
    });
  return { store, sample, recall };
}
