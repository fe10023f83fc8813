import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { SaladError } from '../support/errors.js';
import { checkTensor } from '../support/tensors.js';

/** How far the length of a row may stray from 1; float16 devices stray furthest. */
export const LENGTH_TOLERANCE = 0.01;

/**
 * Checks the values that the primitives take on trust: every row finite and of unit length.
 *
 * @param embeddings [batch, dim].
 * @throws INVALID_EMBEDDING naming the first row that is zero, not finite or not of unit length; INVALID_OPTION where it is no
 * tensor
 * @example
 * await checkEmbeddings(embeddings);
 */
export async function checkEmbeddings(embeddings: Tensor2D): Promise<void> {
  checkTensor('checkEmbeddings', 'embeddings', embeddings, 'a tensor [batch, dim]');
  const lengths = squaredLengths(embeddings);
  const values = await lengths.data();
  lengths.dispose();
  checkSquaredLengths('checkEmbeddings', values, (row) => `row ${row}`);
}

/** |z_i|^2, to be read back with the result of the work. @returns [batch]. */
export function squaredLengths(embeddings: Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.sum(tf.mul(embeddings, embeddings), 1));
}

/** INVALID_EMBEDDING for the first squared length that is not 1; `name` says which sample it is. */
export function checkSquaredLengths(
  where: string,
  squared: ArrayLike<number>,
  name: (row: number) => string,
): void {
  for (let row = 0; row < squared.length; row++) {
    if (Math.abs(squared[row] - 1) <= LENGTH_TOLERANCE) continue;
    const length = Math.sqrt(squared[row]);
    throw new SaladError(
      'INVALID_EMBEDDING',
      `${where}: the embedding of ${name(row)} has length ${length}; expected a finite vector of length 1. ` +
        'A zero or non-finite embedding comes from a diverged or dead network: lower the learning rate, or normalise what your encoder returns.',
      { row, length },
    );
  }
}
