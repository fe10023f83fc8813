import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernel } from './kernel.js';

/**
 * Rows put into a bank where it lies, by InplaceUpdate. Its output is the memory of its input, which it has written into;
 * what reads the bank by a slice of it sees the new rows too.
 */
export const writeRowsKernel: NativeKernel<'rows' | 'values', { readonly at: Int32Array }> = {
  kernelName: 'SaladWriteRows',
  compute(execute, { rows, values }, { at }) {
    const places = tf.tensor1d(at, 'int32');
    const [same] = execute('InplaceUpdate', [rows as Tensor2D, places, values as Tensor2D], {});
    tf.dispose([places, same]);
    return [tf.scalar(0)];
  },
};
