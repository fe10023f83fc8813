import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkNumber } from '../support/check.js';
import { fasterKernel } from '../support/kernels.js';
import { foldBlocks, similarity } from './similarity.js';

/** log sum_j exp(l_ij) as [batch, 1], and E_p[m] as [batch, dim]. */
export interface Softmax {
  readonly logPartition: Tensor2D;
  readonly expectation: Tensor2D;
}

/**
 * The softmax over the whole bank, one pass.
 *
 * It is the kernel `SaladBankSoftmax` where a backend has one (inputs `queries` [batch, dim] and `rows`
 * [N, dim]; attribute `temperature`; outputs the largest logit and the sum of exponentials of logits less it,
 * [2, at least batch], and the sum of the rows weighted so, [batch, dim]), else portable operations.
 */
export function softmaxOverBank(
  queries: Tensor2D,
  rows: Tensor2D,
  temperature: number,
  blockSize: number,
): Softmax {
  checkNumber('foldBlocks', 'blockSize', blockSize, { min: 1, integer: true });
  const faster = fasterKernel('SaladBankSoftmax', { queries, rows }, { temperature });
  if (faster) {
    const sums = tf.slice(faster[0] as Tensor2D, [0, 0], [2, queries.shape[0]]);
    const [largest, total] = tf.split(tf.transpose(sums), 2, 1) as Tensor2D[];
    return {
      logPartition: tf.add(largest, tf.log(total)),
      expectation: tf.div(faster[1] as Tensor2D, total),
    };
  }
  type Running = { largest: Tensor2D; total: Tensor2D; weighted: Tensor2D };
  const { largest, total, weighted } = foldBlocks<Running>(rows, blockSize, (state, block) => {
    const logits = tf.div(similarity(queries, block), temperature);
    const blockLargest = tf.max(logits, 1, true) as Tensor2D;
    const nextLargest: Tensor2D = state ? tf.maximum(state.largest, blockLargest) : blockLargest;
    const weights = tf.exp(tf.sub(logits, nextLargest)) as Tensor2D;
    const blockTotal = tf.sum(weights, 1, true) as Tensor2D;
    const blockWeighted = tf.matMul(weights, block) as Tensor2D;
    if (!state) return { largest: nextLargest, total: blockTotal, weighted: blockWeighted };
    const fade = tf.exp(tf.sub(state.largest, nextLargest));
    return {
      largest: nextLargest,
      total: tf.add(tf.mul(state.total, fade), blockTotal),
      weighted: tf.add(tf.mul(state.weighted, fade), blockWeighted),
    };
  });
  return {
    logPartition: tf.add(largest, tf.log(total)),
    expectation: tf.div(weighted, total),
  };
}

/**
 * The softmax over the members of a set.
 *
 * @param logits [batch, width]. @param mask [batch, width], 1 for a member. @param memberRows [batch, width, dim].
 */
export function softmaxWithin(
  logits: Tensor2D,
  mask: Tensor2D,
  memberRows: Tensor3D,
  temperature: number,
): Softmax {
  const [batch, width, dim] = memberRows.shape;
  // Below every logit (they lie within +-1/tau) by enough that the exponential is 0.
  const outside = 4 / temperature + 100;
  const masked = tf.sub(logits, tf.mul(tf.sub(1, mask), outside));
  const largest = tf.max(masked, 1, true);
  const weights = tf.mul(tf.exp(tf.sub(masked, largest)), mask);
  const total = tf.sum(weights, 1, true);
  const weighted = tf.matMul(tf.reshape(weights, [batch, 1, width]), memberRows);
  return {
    logPartition: tf.add(largest, tf.log(total)),
    expectation: tf.div(tf.reshape(weighted, [batch, dim]), total),
  };
}
