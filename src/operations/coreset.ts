import * as tf from '@tensorflow/tfjs-core';
import { check, checkKnownOptions, checkLength, checkNumber } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { checkCoresetSize, coresetSize } from '../support/coreset-size.js';
import type { Progress } from '../support/progress.js';
import { rowsAt } from '../support/rows-at.js';
import { type BankBlocks, shapeOfBlocks } from './bank-blocks.js';
import { kCenter } from './k-center.js';

/** What a coreset of the rows of a bank is to be like. */
export interface CoresetOptions {
  /** A share of the rows kept, in (0, 1], or a whole number of rows above 1; at most all. @defaultValue 0.1 */
  readonly size?: number;
  /** Draws the first row. @defaultValue 0 */
  readonly seed?: number;
  /** [size]: rows that are not chosen. */
  readonly discard?: ArrayLike<boolean | number>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * A greedy k-centre coreset of rows that a backend holds, which are read once.
 *
 * @returns [rows chosen], in the order in which they were chosen.
 * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | NO_ROWS_KEPT | NOT_FINITE | `signal.reason`
 */
export async function coresetOf(
  where: string,
  bank: BankBlocks,
  options: CoresetOptions,
): Promise<Int32Array> {
  checkKnownOptions(where, options, {
    size: true,
    seed: true,
    discard: true,
    signal: true,
    onProgress: true,
  });
  const { size = 0.1, seed = 0, discard, signal, onProgress } = options;
  checkCoresetSize(where, 'size', size);
  checkNumber(where, 'seed', seed, { integer: true });
  checkSignal(where, signal);
  checkFunction(where, 'onProgress', onProgress);
  const [length, dim] = shapeOfBlocks(bank);
  const kept = keptOf(where, length, discard);
  // What is read may be the backend's own memory: of two tensors, nobody writes into it.
  const held = bank.map((block) => tf.keep(tf.clone(block)));
  try {
    const values = await valuesOf(held);
    const count = coresetSize(size, kept.length);
    const some = kept.length === length ? values : rowsAt(values, dim, kept);
    const chosen = await kCenter(some, dim, { count, seed, signal, onProgress });
    return chosen.map((place) => kept[place]);
  } finally {
    tf.dispose(held);
  }
}

/** Rows that are not left out. @throws SHAPE_MISMATCH | NO_ROWS_KEPT */
function keptOf(
  where: string,
  size: number,
  discard: ArrayLike<boolean | number> | undefined,
): Int32Array {
  const all = Int32Array.from({ length: size }, (_, row) => row);
  if (!discard) return all;
  checkLength(where, 'discard', discard, size, 'rows of the bank');
  const kept = all.filter((row) => !discard[row]);
  check(
    kept.length > 0,
    'NO_ROWS_KEPT',
    () => `${where}: all ${size} rows of the bank are discarded; keep at least one.`,
  );
  return kept;
}

/** All rows outside of the backend, row after row. */
async function valuesOf(bank: BankBlocks): Promise<Float32Array> {
  if (bank.length === 1) return bank[0].data<'float32'>();
  const [size, dim] = shapeOfBlocks(bank);
  const values = new Float32Array(size * dim);
  let end = 0;
  for (const block of bank) {
    values.set(await block.data<'float32'>(), end);
    end += block.size;
  }
  return values;
}
