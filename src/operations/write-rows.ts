import type { NamedAttrMap, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../support/kernels.js';

const KERNEL = 'SaladWriteRows';

/** Whether rows are written where they lie, whatever the size of the bank. */
export const writesInPlace = (): boolean => tf.getKernel(KERNEL, tf.getBackend()) != null;

/**
 * Puts rows into a bank of which nobody else holds the memory: what holds it would change too.
 *
 * It is the kernel `SaladWriteRows` where a backend has one (inputs `rows` [N, dim], which it writes into, and `values`
 * [count, dim]; attribute `at` [count]; its output says nothing). Else it is tf.tensorScatterUpdate, which writes into
 * its input on `cpu` and makes all of it anew on others.
 *
 * @param at [count], rows that differ from each other.
 * @returns the rows from now on: `rows` itself, or a new tensor in its place.
 */
export function writeRows(rows: Tensor2D, at: Int32Array, values: Tensor2D): Tensor2D {
  const written = fasterKernel(KERNEL, { rows, values }, { at } as unknown as NamedAttrMap);
  if (written) {
    tf.dispose(written);
    return rows;
  }
  return tf.tidy(() =>
    tf.tensorScatterUpdate(rows, tf.tensor2d(at, [at.length, 1], 'int32'), values),
  ) as Tensor2D;
}
