import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type BankBlocks, bankKernel, gatherRows } from './bank-blocks.js';
import { foldBlocks, similarity } from './blocks.js';

/** What a softmax over rows of the bank comes to, for each query. */
export interface Softmax {
  /** [batch], log sum_j exp(m_j . z / tau). */
  readonly logPartition: Tensor1D;
  /** [batch, dim], E_p[m] = sum_j p_j m_j. */
  readonly expectation: Tensor2D;
}

/** The largest logit, sum_j exp(logit_j - largest), and the sum of the rows weighted so. */
type Sums = { readonly largest: Tensor2D; readonly total: Tensor2D; readonly weighted: Tensor2D };

/**
 * The softmax over the whole bank, in one pass of blocks: neither logits nor probabilities are stored.
 *
 * It is the kernel `SaladBankSoftmax` where a backend has one (inputs `queries` [batch, dim] and `rows`
 * [N, dim]; attribute `temperature`; outputs the largest logit and the sum of exponentials of logits less it,
 * [2, at least batch], and the sum of the rows weighted so, [batch, dim]), else portable operations.
 */
export function softmaxOverBank(
  queries: Tensor2D,
  bank: BankBlocks,
  temperature: number,
  blockSize: number,
): Softmax {
  const faster = bankKernel('SaladBankSoftmax', queries, bank, { temperature });
  if (!faster) return softmaxOf(sumsOverBlocks(queries, bank, temperature, blockSize));
  const sums = tf.slice(faster[0] as Tensor2D, [0, 0], [2, queries.shape[0]]);
  const [largest, total] = tf.split(tf.transpose(sums), 2, 1) as Tensor2D[];
  return softmaxOf({ largest, total, weighted: faster[1] as Tensor2D });
}

function sumsOverBlocks(
  queries: Tensor2D,
  bank: BankBlocks,
  temperature: number,
  blockSize: number,
): Sums {
  return foldBlocks<Sums>(bank, blockSize, (before, block) => {
    const logits = tf.div(similarity(queries, block), temperature);
    const blockLargest = tf.max(logits, 1, true) as Tensor2D;
    const largest: Tensor2D = before ? tf.maximum(before.largest, blockLargest) : blockLargest;
    const weights = tf.exp(tf.sub(logits, largest)) as Tensor2D;
    const total = tf.sum(weights, 1, true) as Tensor2D;
    const weighted = tf.matMul(weights, block) as Tensor2D;
    if (!before) return { largest, total, weighted };
    const fade = tf.exp(tf.sub(before.largest, largest));
    return {
      largest,
      total: tf.add(tf.mul(before.total, fade), total),
      weighted: tf.add(tf.mul(before.weighted, fade), weighted),
    };
  });
}

/**
 * The softmax over the rows that each query names.
 *
 * @param members [batch][width], rows of the bank. They are sets: a row that a query names c times weighs 1 / c each time.
 */
export function softmaxOverMembers(
  queries: Tensor2D,
  bank: BankBlocks,
  members: readonly (readonly number[])[],
  temperature: number,
): Softmax {
  const [batch, dim] = queries.shape;
  const width = members[0]?.length ?? 0;
  const named = gatherRows(bank, members.flat());
  const memberRows = tf.reshape(named, [batch, width, dim]) as Tensor3D;
  const products = tf.matMul(memberRows, tf.reshape(queries, [batch, dim, 1]));
  const scaled = tf.div(tf.reshape(products, [batch, width]), temperature);
  const repeats = logRepeats(members);
  const logits = repeats ? tf.sub(scaled, repeats) : scaled;
  const largest = tf.max(logits, 1, true) as Tensor2D;
  const weights = tf.exp(tf.sub(logits, largest));
  const weighted = tf.matMul(tf.reshape(weights, [batch, 1, width]), memberRows);
  return softmaxOf({
    largest,
    total: tf.sum(weights, 1, true) as Tensor2D,
    weighted: tf.reshape(weighted, [batch, dim]),
  });
}

/** [batch, width], the logarithm of how often a query names each of its members; undefined where all are named once. */
function logRepeats(members: readonly (readonly number[])[]): Tensor2D | undefined {
  if (members.every((set) => new Set(set).size === set.length)) return undefined;
  return tf.tensor2d(
    members.map((set) => set.map((row) => Math.log(set.filter((other) => other === row).length))),
  );
}

function softmaxOf({ largest, total, weighted }: Sums): Softmax {
  return {
    logPartition: tf.reshape(tf.add(largest, tf.log(total)), [-1]),
    expectation: tf.div(weighted, total),
  };
}
