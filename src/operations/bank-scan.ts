import type { NamedAttrMap, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { sumOfEach } from '../support/sums.js';
import { type BankBlocks, bankKernel } from './bank-blocks.js';
import { DEFAULT_BLOCK_SIZE, foldBlocks, ownRowMask, similarity } from './blocks.js';
import { foldTop, type TopState } from './top-k.js';

/** Which rows a scan of the bank compares with. */
export interface ScanOptions {
  /** Nearest rows of each query, at most the rows kept for it. */
  readonly k: number;
  /** [N]: 0 for a row left out. */
  readonly keep?: Float32Array;
  /** [batch]: a row left out for that query, or -1. */
  readonly own?: Int32Array;
  /** Bank rows in one block of work. */
  readonly blockSize?: number;
}

/** What a scan of the bank finds. */
export interface BankScan {
  /** [batch, k], radians, exact near 0, in the order of the cosines, largest first. */
  readonly nearest: Tensor2D;
  /** [batch, k], the rows they belong to; of equal cosines the lower row first. */
  readonly indices: Tensor2D;
  /** [batch], radians: the sum of the arc cosines of all other rows kept. */
  readonly others: Tensor1D;
}

/**
 * One pass over the bank: each query's k nearest rows, and the sum of its angles to the others.
 *
 * It is the kernel `SaladBankScan` where a backend has one (inputs `queries` [batch, dim] and `rows`
 * [N, dim]; attributes as `ScanOptions`; outputs as `BankScan`), else portable operations.
 *
 * @returns tensors that the caller disposes.
 */
export function scanBank(queries: Tensor2D, bank: BankBlocks, options: ScanOptions): BankScan {
  const attributes = options as unknown as NamedAttrMap;
  const faster = bankKernel('SaladBankScan', queries, bank, attributes);
  if (!faster) return composedScan(queries, bank, options);
  const [nearest, indices, others] = faster;
  return { nearest: nearest as Tensor2D, indices: indices as Tensor2D, others: others as Tensor1D };
}

function composedScan(
  queries: Tensor2D,
  bank: BankBlocks,
  { k, keep, own, blockSize = DEFAULT_BLOCK_SIZE }: ScanOptions,
): BankScan {
  return tf.tidy(() => {
    type State = { top: TopState; total: Tensor1D };
    const { top, total } = foldBlocks<State>(bank, blockSize, (state, block, offset) => {
      const count = block.shape[0];
      // In this order NaN stays NaN on wasm, where clipByValue makes it -1.
      const cosines = tf.minimum(tf.maximum(similarity(queries, block), -1), 1) as Tensor2D;
      const weights = blockWeights(keep, own, offset, count);
      const angles = tf.acos(cosines);
      const sum = sumOfEach(weights ? tf.mul(angles, weights) : angles);
      // A row left out sinks below -1, the smallest cosine there is.
      const ranked = weights ? tf.add(cosines, tf.mul(tf.sub(weights, 1), 4)) : cosines;
      return {
        top: foldTop(state?.top, ranked as Tensor2D, offset, k),
        total: state ? tf.add(state.total, sum) : sum,
      };
    });
    return {
      nearest: anglesToRows(queries, gatherNamed(bank, top.indices)),
      indices: top.indices,
      others: tf.sub<Tensor1D>(total, sumOfEach(tf.acos(top.values))),
    };
  });
}

/**
 * The rows that a tensor [batch, k] names, [batch, k, dim]. Each of several blocks is asked for all of them, since some backends
 * cannot read here and now where they lie; a later block takes the place of what was found before.
 */
function gatherNamed(bank: BankBlocks, named: Tensor2D): Tensor3D {
  if (bank.length === 1) return tf.gather<tf.Tensor>(bank[0], named) as Tensor3D;
  const integer = (value: number) => tf.scalar(value, 'int32');
  type State = { rows: Tensor3D };
  return foldBlocks<State>(bank, Number.POSITIVE_INFINITY, (before, block, first) => {
    const [size, dim] = block.shape;
    const at = tf.sub(named, integer(first));
    const within = tf.minimum(tf.maximum(at, integer(0)), integer(size - 1));
    const rows = tf.gather<tf.Tensor>(block, within) as Tensor3D;
    if (!before) return { rows };
    // A product repeats the condition for each number of a row; tf.where and comparisons take ten times as long to do so on wasm.
    const hereOrLater = tf.cast(tf.expandDims(tf.greaterEqual(at, integer(0)), 2), 'float32');
    const condition = tf.cast(tf.mul(hereOrLater, tf.ones([dim])), 'bool');
    return { rows: tf.where(condition, rows, before.rows) };
  }).rows;
}

/**
 * 2 atan2(|u - v|, |u + v|), exact for small angles where the arc cosine loses half its digits.
 *
 * @param queries [batch, dim]. @param rows [batch, k, dim]. @returns [batch, k], radians.
 */
function anglesToRows(queries: Tensor2D, rows: Tensor3D): Tensor2D {
  const each = tf.expandDims(queries, 1);
  const apart = tf.sum(tf.square(tf.sub(rows, each)), 2);
  const along = tf.sum(tf.square(tf.add(rows, each)), 2);
  return tf.mul(tf.atan2(tf.sqrt(apart), tf.sqrt(along)), 2) as Tensor2D;
}

function blockWeights(
  keep: Float32Array | undefined,
  own: ArrayLike<number> | undefined,
  offset: number,
  count: number,
): Tensor2D | undefined {
  const keptMask = keep && tf.tensor2d(keep.subarray(offset, offset + count), [1, count]);
  const ownMask = own && ownRowMask(own, offset, count);
  if (!ownMask) return keptMask;
  const notOwn = tf.sub(1, ownMask) as Tensor2D;
  return keptMask ? (tf.mul(notOwn, keptMask) as Tensor2D) : notOwn;
}
