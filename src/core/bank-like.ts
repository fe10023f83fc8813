import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type BankBlocks, shapeOfBlocks } from '../operations/bank-blocks.js';
import { check, checkNumber } from '../support/check.js';
import { checkTensor } from '../support/tensors.js';

/** A memory bank: a `MemoryBank`, or simply its rows as a [size, dim] tensor of unit vectors. */
export type BankLike = Tensor2D | { readonly rows: Tensor2D };

/**
 * By what a `MemoryBank`, of either copy of the library, lets its rows be read at once. Who asks for `rows` may keep them, so
 * that the next update has to leave those alone.
 */
export const READ_ROWS: unique symbol = Symbol.for('salad-ad/memory-bank/read-rows') as never;

/** The same in the blocks that it has them in, which `READ_ROWS` puts together. */
export const READ_BLOCKS: unique symbol = Symbol.for('salad-ad/memory-bank/read-blocks') as never;

/**
 * The rows of a bank as a tensor that the caller must neither dispose nor keep: an update may write into its memory.
 *
 * @throws INVALID_OPTION
 */
export function bankRows(where: string, bank: BankLike): Tensor2D {
  const own = bank as { readonly [READ_ROWS]?: Tensor2D } | undefined;
  const rows = bank instanceof tf.Tensor ? bank : (own?.[READ_ROWS] ?? bank?.rows);
  checkTensor(where, 'bank', rows, 'a MemoryBank or a tensor [size, dim]');
  return rows;
}

/** The same rows in blocks, where the bank has them so: nothing is put together. @throws INVALID_OPTION */
export function bankBlocks(where: string, bank: BankLike): BankBlocks {
  const own = bank as { readonly [READ_BLOCKS]?: BankBlocks } | undefined;
  return own?.[READ_BLOCKS] ?? [bankRows(where, bank)];
}

/** N, the number of rows. @throws INVALID_OPTION */
export function bankSize(where: string, bank: BankLike): number {
  return shapeOfBlocks(bankBlocks(where, bank))[0];
}

/** Checks that `embeddings` is [batch, dim] for a bank in blocks of [rows, dim], and returns the three numbers. */
export function checkAgainstBank(
  where: string,
  embeddings: Tensor2D,
  bank: BankBlocks,
): { batch: number; size: number; dim: number } {
  checkTensor(where, 'embeddings', embeddings, 'a tensor [batch, dim]');
  const shape: readonly number[] = shapeOfBlocks(bank);
  check(
    embeddings.rank === 2 && shape.length === 2 && embeddings.shape[1] === shape[1],
    'SHAPE_MISMATCH',
    () =>
      `${where}: embeddings has shape [${embeddings.shape}] but the bank has shape [${shape}]; ` +
      'expected [batch, dim] and [size, dim] with the same dim.',
    { embeddings: embeddings.shape, bank: shape },
  );
  check(
    shape[0] > 0,
    'EMPTY_SET',
    () => `${where}: the bank has no rows; give it one row per training image.`,
  );
  return { batch: embeddings.shape[0], size: shape[0], dim: shape[1] };
}

/** Checks a softmax temperature: a number in (0, 1]. */
export function checkTemperature(where: string, temperature: number): void {
  checkNumber(where, 'temperature', temperature, { above: 0, max: 1 });
}
