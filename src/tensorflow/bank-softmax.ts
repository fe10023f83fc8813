import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { blockOf, product, rowsOfBlock } from './bank-blocks.js';
import type { NativeKernel } from './kernel.js';

/** Logits whose exponentials, and their sums over a million rows, are far from both ends of float32. */
const LARGEST_LOGIT = 40;

/**
 * The softmax over the bank: two products and the exponentials between them, on blocks of the bank that are not copied. Cosines
 * end at 1, so that for all but very small temperatures no largest logit has to be found first: it is given as 0.
 */
export const bankSoftmaxKernel: NativeKernel<'queries' | 'rows', { readonly temperature: number }> =
  {
    kernelName: 'SaladBankSoftmax',
    compute(execute, inputs, { temperature }) {
      if (1 / temperature > LARGEST_LOGIT) return [];
      const [queries, rows] = [inputs.queries, inputs.rows] as unknown as Tensor2D[];
      const [size, batch] = [rows.shape[0], queries.shape[0]];
      const columns = tf.tidy(() => tf.div(tf.transpose(queries), temperature) as Tensor2D);
      const step = rowsOfBlock(batch);
      let sums: { total: Tensor2D; weighted: Tensor2D } | undefined;
      for (let first = 0; first < size; first += step) {
        const count = Math.min(step, size - first);
        const before = sums;
        sums = tf.tidy(() => {
          const block = blockOf(rows, first, count);
          const weights = tf.exp(product(execute, block, columns)) as Tensor2D;
          const total = product(execute, tf.ones([1, count]), weights);
          const transposed = { bools: { transpose_a: true, transpose_b: false } };
          const [weighted] = execute('MatMul', [weights, block], transposed) as Tensor2D[];
          if (!before) return { total, weighted };
          return {
            total: tf.add<Tensor2D>(before.total, total),
            weighted: tf.add<Tensor2D>(before.weighted, weighted),
          };
        });
        if (before) tf.dispose(before);
      }
      const { total, weighted } = sums as { total: Tensor2D; weighted: Tensor2D };
      const largestAndTotal = tf.tidy(() => tf.concat([tf.zerosLike(total), total], 0));
      tf.dispose([columns, total]);
      return [largestAndTotal, weighted];
    },
  };
