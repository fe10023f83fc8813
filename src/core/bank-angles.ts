import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { scanBank } from '../operations/bank-scan.js';
import { check, checkKnownOptions, checkLength, checkNumber } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import { sumOfEach } from '../support/sums.js';
import type { SaladWarning } from '../support/warning.js';
import { type BankLike, bankBlocks, checkAgainstBank } from './bank-like.js';
import { scoreIsConstant, scoreNeighborsClamped } from './warning.js';

/** How embeddings are compared with the bank; of `bankAngles` and `anomalyScore`. */
export interface BankAnglesOptions {
  /** K, how many nearest rows are averaged (paper: 100). Lowered, with a warning, to the rows kept. @defaultValue 100 */
  readonly scoreNeighbors?: number;
  /** [N]: rows left out, such as those of known anomalies. @defaultValue none */
  readonly discard?: ArrayLike<boolean | number>;
  /** [batch]: a row left out for that sample, its own when a training image is scored; -1 for none. @defaultValue none */
  readonly ownRows?: ArrayLike<number>;
  /** Called where K is lowered, or equals the number of rows kept. @defaultValue none */
  readonly onWarning?: (warning: SaladWarning) => void;
  /**
   * Bank rows in one block of work, at most. It bounds memory and changes results by rounding alone.
   *
   * @defaultValue 4096, or what suits the backend's own kernel
   */
  readonly blockSize?: number;
}

export const bankAnglesOptions: Record<keyof BankAnglesOptions, true> = {
  scoreNeighbors: true,
  discard: true,
  ownRows: true,
  onWarning: true,
  blockSize: true,
};

/** Angles between embeddings and the bank: all that a score is made of. */
export interface BankAngles {
  /** [batch, K], radians, smallest first. */
  readonly nearest: Tensor2D;
  /** [batch, K], the rows they belong to. */
  readonly indices: Tensor2D;
  /** [batch], radians: the sum over all rows kept. */
  readonly total: Tensor1D;
  /** [batch], rows kept for each sample. */
  readonly kept: Tensor1D;
  /** The K in force. */
  readonly scoreNeighbors: number;
}

/**
 * Angles a_j between each embedding and its K nearest rows, and their sum over all rows kept.
 *
 * The K nearest are exact near 0 too, also within the sum, so a score compares like with like. The
 * other rows enter it as arccos(m_j . z), with cosines clamped to [-1, 1] (in float32 nearly half of
 * the self-products of unit vectors exceed 1).
 *
 * @param embeddings [batch, dim], unit rows. @param bank [size, dim], unit rows.
 * @returns tensors that the caller disposes (`tf.dispose(angles)`).
 * @throws SHAPE_MISMATCH | EMPTY_SET | INDEX_OUT_OF_RANGE | INVALID_OPTION | UNKNOWN_OPTION | NO_ROWS_KEPT
 * @see the paper, Eq. 4, whose numerator and denominator are sums of these angles.
 * @example
 * const angles = bankAngles(embeddings, bank, { scoreNeighbors: 10 });
 * const nearestRows = await angles.indices.array();
 */
export function bankAngles(
  embeddings: Tensor2D,
  bank: BankLike,
  options: BankAnglesOptions = {},
): BankAngles {
  checkKnownOptions('bankAngles', options, bankAnglesOptions);
  return anglesTo('bankAngles', embeddings, bank, options);
}

/** `bankAngles` for the public call `where`. */
export function anglesTo(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  options: BankAnglesOptions,
): BankAngles {
  const { scoreNeighbors = 100, discard, ownRows, blockSize } = options;
  checkFunction(where, 'onWarning', options.onWarning);
  const blocks = bankBlocks(where, bank);
  const { batch, size } = checkAgainstBank(where, embeddings, blocks);
  checkNumber(where, 'scoreNeighbors', scoreNeighbors, { min: 1, integer: true });
  if (blockSize !== undefined)
    checkNumber(where, 'blockSize', blockSize, { min: 1, integer: true });
  const keep = keptRows(where, size, discard);
  const own = ownRows && checkOwnRows(where, ownRows, batch, size);
  const kept = countKept(keep, own, batch, size);
  const fewest = kept.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  check(
    fewest > 0,
    'NO_ROWS_KEPT',
    () =>
      `${where}: all ${size} rows of the bank are discarded for a sample; keep at least one row of a normal image.`,
  );
  const k = Math.min(scoreNeighbors, fewest);
  warnIfClamped(where, scoreNeighbors, k, kept, options.onWarning);

  return tf.tidy(() => {
    const { nearest, indices, others } = scanBank(embeddings, blocks, { k, keep, own, blockSize });
    // Where the K nearest are all there are, rounding must leave nothing of the others. On wasm relu makes 0 of NaN.
    const anyOther = tf.tensor1d(kept.map((rowCount) => (rowCount > k ? 1 : 0)));
    return {
      nearest,
      indices,
      total: tf.add(sumOfEach(nearest), tf.mul(tf.maximum(others, 0), anyOther)) as Tensor1D,
      kept: tf.tensor1d(kept),
      scoreNeighbors: k,
    };
  });
}

/** [N]: 0 for a row that is left out. */
function keptRows(
  where: string,
  size: number,
  discard: ArrayLike<boolean | number> | undefined,
): Float32Array | undefined {
  if (!discard) return undefined;
  checkLength(where, 'discard', discard, size, 'rows of the bank');
  return Float32Array.from(discard as ArrayLike<number>, (out) => (out ? 0 : 1));
}

function checkOwnRows(
  where: string,
  ownRows: ArrayLike<number>,
  batch: number,
  size: number,
): Int32Array {
  checkLength(where, 'ownRows', ownRows, batch, 'embeddings (a row, or -1)');
  checkEachOwnRow(where, ownRows, size);
  return Int32Array.from(ownRows);
}

/** Every one a row of the bank, or -1, or INDEX_OUT_OF_RANGE. */
export function checkEachOwnRow(where: string, ownRows: ArrayLike<number>, size: number): void {
  for (let i = 0; i < ownRows.length; i++)
    check(
      Number.isInteger(ownRows[i]) && ownRows[i] >= -1 && ownRows[i] < size,
      'INDEX_OUT_OF_RANGE',
      () =>
        `${where}: ownRows[${i}] is ${ownRows[i]} but the bank has ${size} rows; expected a whole number from 0 to ${size - 1}, or -1 for none.`,
      { name: 'ownRows', position: i, index: ownRows[i], size },
    );
}

function countKept(
  keep: Float32Array | undefined,
  own: Int32Array | undefined,
  batch: number,
  size: number,
): Float32Array {
  const all = keep ? keep.reduce((a, b) => a + b, 0) : size;
  return Float32Array.from({ length: batch }, (_, i) => {
    const row = own ? own[i] : -1;
    return all - (row >= 0 && (!keep || keep[row]) ? 1 : 0);
  });
}

function warnIfClamped(
  where: string,
  asked: number,
  inForce: number,
  kept: Float32Array,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): void {
  if (!onWarning) return;
  if (inForce < asked) {
    onWarning(scoreNeighborsClamped(where, asked, inForce, 'rows are kept'));
  }
  if (kept.some((count) => count === inForce)) {
    onWarning(scoreIsConstant(where));
  }
}
