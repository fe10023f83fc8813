import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Execute } from './kernel.js';

/** Cosines made at a time, at most: 4 MiB, which the processor's cache holds until they are used. */
const BLOCK_CELLS = 2 ** 20;

/** Rows of a block and of a group of rows; both whole, or memory would have to be copied. */
export const GROUP = 16;

/** Bank rows of one block. */
export function rowsOfBlock(batch: number, blockSize?: number): number {
  const rows = blockSize ?? Math.floor(BLOCK_CELLS / Math.max(1, batch));
  return Math.max(GROUP, rows - (rows % GROUP));
}

/** The rows `first` to `first + count` of a bank, without a copy: so TensorFlow slices vectors. */
export function blockOf(rows: Tensor2D, first: number, count: number): Tensor2D {
  const dim = rows.shape[1];
  const flat = tf.slice(tf.reshape(rows, [-1]), first * dim, count * dim);
  return tf.reshape(flat, [count, dim]);
}

/** A matrix product without the reshapes of tf.matMul. */
export function product(execute: Execute, a: Tensor2D, b: Tensor2D): Tensor2D {
  const [c] = execute('MatMul', [a, b], { bools: { transpose_a: false, transpose_b: false } });
  return c as Tensor2D;
}

/** [groups, queries]: the largest cosine of each group of rows, of cosines [rows, queries]. */
export function groupMaxima(cosines: Tensor2D): Tensor2D {
  const [count, batch] = cosines.shape;
  const groups = Math.floor(count / GROUP);
  const whole = groups * GROUP;
  const maxima =
    groups > 0 &&
    tf.max(
      tf.reshape(whole === count ? cosines : tf.slice(cosines, 0, whole), [groups, GROUP, batch]),
      1,
    );
  const last = whole < count && tf.max(tf.slice(cosines, whole, count - whole), 0, true);
  return tf.concat([maxima, last].filter((part) => part !== false) as Tensor2D[], 0);
}

/** The values of what `make` returns. A tidy would look for tensors in every number of an array. */
export function hostValues(make: () => tf.Tensor): Float32Array {
  const made = tf.tidy(make);
  const values = made.dataSync<'float32'>();
  made.dispose();
  return values;
}
