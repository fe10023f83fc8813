import type { Tensor2D, TensorContainerObject } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Bank rows in one block of work, by default: 4096 x 16 logits are 256 KiB. */
export const DEFAULT_BLOCK_SIZE = 4096;

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
 * @param bank its rows, in one tensor or in blocks. @param blockSize rows of a step, at most: rows of two blocks are never
 * put together.
 * @returns the last state; its tensors are the caller's.
 */
export function foldBlocks<State extends TensorContainerObject>(
  bank: readonly Tensor2D[],
  blockSize: number,
  step: (state: State | undefined, rows: Tensor2D, offset: number) => State,
): State {
  let state: State | undefined;
  let offset = 0;
  for (const block of bank) {
    const [size, dim] = block.shape;
    for (let first = 0; first < size; first += blockSize) {
      const count = Math.min(blockSize, size - first);
      const next = tf.tidy(() =>
        step(state, count === size ? block : tf.slice(block, [first, 0], [count, dim]), offset),
      );
      if (state) tf.dispose(state);
      state = next;
      offset += count;
    }
  }
  return state as State;
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
