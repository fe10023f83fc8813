import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Softmax, softmaxOverBank, softmaxOverMembers } from '../operations/bank-softmax.js';
import { DEFAULT_BLOCK_SIZE } from '../operations/blocks.js';
import {
  check,
  checkIndices,
  checkKnownOptions,
  checkLength,
  checkList,
  checkNumber,
} from '../support/check.js';
import { withGradient } from '../support/tensors.js';
import { type BankLike, bankBlocks, checkAgainstBank, checkTemperature } from './bank-like.js';

/** Options of every softmax over the bank. */
export interface PartitionOptions {
  /** tau, in (0, 1] (paper: 0.1). @defaultValue 0.1 */
  readonly temperature?: number;
  /** Bank rows in one block of work, at most. It bounds memory and changes results by rounding alone. @defaultValue 4096 */
  readonly blockSize?: number;
}

export const partitionOptions = { temperature: true, blockSize: true } as const satisfies Record<
  keyof PartitionOptions,
  true
>;

/**
 * The logarithm of the denominator of Eq. 1: log sum_{k=1..N} exp(m_k . z_i / tau), over the whole bank.
 *
 * Its gradient with respect to z_i is E_p[m] / tau = (1 / tau) sum_k p_ik m_k.
 *
 * @param embeddings [batch, dim], unit rows z_i. @param bank [size, dim], unit rows m_k; a constant.
 * @returns [batch], nats. The gradient flows through `embeddings` only.
 * @throws SHAPE_MISMATCH | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 1, where the stored m_k stand in for z_k.
 * @example
 * const perSample = logPartition(embeddings, bank, { temperature: 0.1 });
 */
export function logPartition(
  embeddings: Tensor2D,
  bank: BankLike,
  options: PartitionOptions = {},
): Tensor1D {
  const where = 'logPartition';
  checkKnownOptions(where, options, partitionOptions);
  const { blocks, temperature, blockSize } = checkPartition(where, embeddings, bank, options);
  return logSumExp(embeddings, temperature, () =>
    softmaxOverBank(embeddings, blocks, temperature, blockSize),
  );
}

/**
 * The logarithm of a numerator of Eq. 1 or 2: log sum_{j in S_i} exp(m_j . z_i / tau), over the rows that are named.
 *
 * Its gradient with respect to z_i is E_q[m] / tau, with q the softmax over S_i alone. So
 * `logPartition - logMass` is -log sum_{j in S_i} p_ij.
 *
 * @param embeddings [batch, dim], unit rows z_i. @param bank [size, dim], unit rows m_j; a constant.
 * @param members [batch][width], rows of the bank, the same number for every sample. S_i is a set: a row that is
 * named twice counts once.
 * @returns [batch], nats. The gradient flows through `embeddings` only.
 * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 1 and 2.
 * @example
 * const perSample = logMass(embeddings, bank, [[0, 3], [1, 4]], { temperature: 0.1 });
 */
export function logMass(
  embeddings: Tensor2D,
  bank: BankLike,
  members: ArrayLike<ArrayLike<number>>,
  options: PartitionOptions = {},
): Tensor1D {
  const where = 'logMass';
  checkKnownOptions(where, options, partitionOptions);
  const { blocks, size, temperature } = checkPartition(where, embeddings, bank, options);
  checkSets(where, 'members', members, size);
  checkLength(where, 'members', members, embeddings.shape[0], 'embeddings');
  check(
    members.length === 0 || members[0].length > 0,
    'INVALID_OPTION',
    () => `${where}: members[0] is empty; expected at least one row of the bank in each set.`,
  );
  const sets = Array.from(members, (set) => Array.from(set));
  return logSumExp(embeddings, temperature, () =>
    softmaxOverMembers(embeddings, blocks, sets, temperature),
  );
}

/** Checks what every softmax over the bank is given, and fills in the defaults. */
export function checkPartition(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  { temperature = 0.1, blockSize = DEFAULT_BLOCK_SIZE }: PartitionOptions,
) {
  const blocks = bankBlocks(where, bank);
  const { batch, size } = checkAgainstBank(where, embeddings, blocks);
  checkTemperature(where, temperature);
  checkNumber(where, 'blockSize', blockSize, { min: 1, integer: true });
  return { blocks, batch, size, temperature, blockSize };
}

/** Checks lists of rows of the bank: equally many in each, all of them rows that there are. */
export function checkSets(
  where: string,
  name: string,
  sets: ArrayLike<ArrayLike<number>>,
  size: number,
): void {
  checkList(where, name, sets);
  for (let i = 0; i < sets.length; i++) {
    checkList(where, `${name}[${i}]`, sets[i]);
    check(
      sets[i].length === sets[0].length,
      'SHAPE_MISMATCH',
      () =>
        `${where}: ${name}[${i}] has ${sets[i].length} entries but ${name}[0] has ${sets[0].length}; expected as many for every sample.`,
    );
    checkIndices(where, `${name}[${i}]`, sets[i], size);
  }
}

/** The logarithm of a softmax's partition as an operation whose gradient is the softmax's expectation / tau. */
function logSumExp(embeddings: Tensor2D, temperature: number, softmax: () => Softmax): Tensor1D {
  return tf.tidy(() =>
    withGradient(
      [embeddings],
      () => {
        const { logPartition: value, expectation } = softmax();
        return { value, saved: [tf.div(expectation, temperature)] };
      },
      (dy, [direction]) => [tf.mul(tf.reshape(dy, [-1, 1]), direction)],
    ),
  );
}
