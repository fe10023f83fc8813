import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkKnownOptions, checkLength, checkNumber } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { checkCoresetSize, coresetSize } from '../support/coreset-size.js';
import type { Progress } from '../support/progress.js';
import { rowsAt } from '../support/rows-at.js';
import { kCenter } from './k-center.js';

/** What a coreset of the rows of a tensor is to be like. */
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
  rows: Tensor2D,
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
  const kept = keptOf(where, rows.shape[0], discard);
  // What is read may be the backend's own memory: of two tensors, nobody writes into it.
  const held = tf.keep(tf.clone(rows));
  try {
    const values = await valuesOf(held, kept);
    const count = coresetSize(size, kept.length);
    const chosen = await kCenter(values, held.shape[1], { count, seed, signal, onProgress });
    return chosen.map((place) => kept[place]);
  } finally {
    held.dispose();
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

/** Some rows outside of the backend, row after row. */
async function valuesOf(rows: Tensor2D, chosen: Int32Array): Promise<Float32Array> {
  const [size, dim] = rows.shape;
  const values = await rows.data<'float32'>();
  if (chosen.length === size) return values;
  return rowsAt(values, dim, chosen);
}
