import type { Tensor1D, Tensor2D, TensorContainerObject } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkNumber } from '../support/check.js';
import { checkTensor } from '../support/tensors.js';

/** A memory bank: a `MemoryBank`, or simply its rows as a [size, dim] tensor of unit vectors. */
export type BankLike = Tensor2D | { readonly rows: Tensor2D };

/** Bank rows that one block of work looks at, unless told otherwise: 4096 x 16 logits are 256 KiB. */
export const DEFAULT_BLOCK_SIZE = 4096;

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

/**
 * Cosine similarity of unit vectors, queries . rows^T.
 *
 * Written as (rows . queries^T)^T: only the small operand and the result are transposed, because a
 * matrix product with a transposed operand is ten times slower on the wasm backend.
 *
 * @param queries [batch, dim]. @param rows [size, dim]. @returns [batch, size].
 */
export function similarity(queries: Tensor2D, rows: Tensor2D): Tensor2D {
  return tf.tidy(() => tf.transpose(tf.matMul(rows, tf.transpose(queries))) as Tensor2D);
}

/**
 * Folds a step over the bank in blocks of rows, so that memory beyond the bank stays
 * O(batch x block): the state of the block before is freed as soon as the next one stands.
 *
 * @returns the last state; its tensors are the caller's.
 */
export function foldBlocks<State extends TensorContainerObject>(
  rows: Tensor2D,
  blockSize: number,
  step: (state: State | undefined, block: Tensor2D, offset: number) => State,
): State {
  checkNumber('foldBlocks', 'blockSize', blockSize, { min: 1, integer: true });
  const [size, dim] = rows.shape;
  let state: State | undefined;
  for (let offset = 0; offset < size; offset += blockSize) {
    const count = Math.min(blockSize, size - offset);
    const next = tf.tidy(() =>
      step(state, count === size ? rows : tf.slice(rows, [offset, 0], [count, dim]), offset),
    );
    if (state) tf.dispose(state);
    state = next;
  }
  return state as State;
}

/** Running k largest similarities of each query, ties to the lower row. */
export type TopState = { values: Tensor2D; indices: Tensor2D };

/** Takes one more block of similarities [batch, n], whose first column is row `offset`, into the k largest. */
export function foldTop(
  state: TopState | undefined,
  similarities: Tensor2D,
  offset: number,
  k: number,
): TopState {
  const [batch, count] = similarities.shape;
  const top = tf.topk(similarities, Math.min(k, count));
  const indices = tf.add(top.indices, tf.scalar(offset, 'int32')) as Tensor2D;
  if (!state) return { values: top.values as Tensor2D, indices };
  const values = tf.concat([state.values, top.values as Tensor2D], 1);
  const merged = tf.topk(values, Math.min(k, values.shape[1]));
  const candidates = tf.concat([state.indices, indices], 1);
  const width = candidates.shape[1];
  const starts = tf.tensor2d(
    Int32Array.from({ length: batch }, (_, i) => i * width),
    [batch, 1],
    'int32',
  );
  const positions = tf.reshape(tf.add(merged.indices, starts), [-1]) as Tensor1D;
  const picked = tf.gather(tf.reshape(candidates, [-1]), positions);
  return {
    values: merged.values as Tensor2D,
    indices: tf.reshape(picked, merged.indices.shape as [number, number]),
  };
}

/**
 * 1 where the column is the query's own row, else 0; undefined when no own row lies in the block.
 *
 * @param ownRows a row of the bank per query.
 */
export function ownRowMask(
  ownRows: ArrayLike<number>,
  offset: number,
  count: number,
): Tensor2D | undefined {
  const mask = new Float32Array(ownRows.length * count);
  let any = false;
  for (let i = 0; i < ownRows.length; i++) {
    const column = ownRows[i] - offset;
    if (column < 0 || column >= count) continue;
    mask[i * count + column] = 1;
    any = true;
  }
  return any ? tf.tensor2d(mask, [ownRows.length, count]) : undefined;
}
