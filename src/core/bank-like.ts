import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkNumber } from '../support/check.js';
import { checkTensor } from '../support/tensors.js';

/** A memory bank: a `MemoryBank`, or simply its rows as a [size, dim] tensor of unit vectors. */
export type BankLike = Tensor2D | { readonly rows: Tensor2D };

/** The rows of a bank as a tensor that the caller must not dispose. @throws INVALID_OPTION */
export function bankRows(where: string, bank: BankLike): Tensor2D {
  const rows = bank instanceof tf.Tensor ? bank : bank?.rows;
  checkTensor(where, 'bank', rows, 'a MemoryBank or a tensor [size, dim]');
  return rows;
}

/** Checks that `embeddings` is [batch, dim] for a bank of [size, dim], and returns the three numbers. */
export function checkAgainstBank(
  where: string,
  embeddings: Tensor2D,
  rows: Tensor2D,
): { batch: number; size: number; dim: number } {
  checkTensor(where, 'embeddings', embeddings, 'a tensor [batch, dim]');
  check(
    embeddings.rank === 2 && rows.rank === 2 && embeddings.shape[1] === rows.shape[1],
    'SHAPE_MISMATCH',
    () =>
      `${where}: embeddings has shape [${embeddings.shape}] but the bank has shape [${rows.shape}]; ` +
      'expected [batch, dim] and [size, dim] with the same dim.',
    { embeddings: embeddings.shape, bank: rows.shape },
  );
  check(
    rows.shape[0] > 0,
    'EMPTY_SET',
    () => `${where}: the bank has no rows; give it one row per training image.`,
  );
  return { batch: embeddings.shape[0], size: rows.shape[0], dim: rows.shape[1] };
}

/** Checks a softmax temperature: a number in (0, 1]. */
export function checkTemperature(where: string, temperature: number): void {
  checkNumber(where, 'temperature', temperature, { above: 0, max: 1 });
}
