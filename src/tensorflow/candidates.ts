import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { GROUP, hostValues } from './bank-blocks.js';
import type { Execute } from './kernel.js';
import type { TopRows } from './top-rows.js';

/** Cosines beside each that is of interest, from which on gathering takes less time than reading all. */
const FEW = 32;

/** Cosines [rows, queries] of a block of bank rows, and the largest of each group of them. */
export interface Block {
  readonly first: number;
  readonly cosines: Tensor2D;
  /** [groups, queries]. */
  readonly maxima: Tensor2D;
}

/**
 * Takes the rows of some blocks into `top`, looking only where a group's largest cosine is among the k
 * largest of its query: no other group can hold one of the k nearest rows.
 */
export function takeCandidates(execute: Execute, top: TopRows, blocks: readonly Block[]): void {
  const least = leastOfInterest(execute, top, blocks);
  const equal = new Int32Array(top.queries);
  for (const block of blocks) offerFrom(top, block, least, equal);
  top.settle();
}

/** @param equal rows of each query that were as near as `least`: of those the first k suffice. */
function offerFrom(top: TopRows, block: Block, least: Float32Array, equal: Int32Array): void {
  const { first, cosines } = block;
  const batch = least.length;
  const cells = cellsOfInterest(block, least);
  if (cells.length === 0) return;
  // Few cells are of interest once the k largest are known: reading all took longer than the search then.
  const few = cells.length * FEW < cosines.size;
  const values = few
    ? hostValues(() => tf.gather(tf.reshape(cosines, [-1]), tf.tensor1d(cells, 'int32')))
    : cosines.dataSync<'float32'>();
  for (let i = 0; i < cells.length; i++) {
    const query = cells[i] % batch;
    const cosine = values[few ? i : cells[i]];
    if (cosine > least[query] || (cosine === least[query] && equal[query]++ < top.k)) {
      top.offer(query, cosine, first + (cells[i] - query) / batch);
    }
  }
}

/** Places in the cosines of the groups that may hold one of the k nearest rows, row after row. */
function cellsOfInterest({ cosines, maxima }: Block, least: Float32Array): Int32Array {
  const [count, batch] = cosines.shape;
  const largest = maxima.dataSync<'float32'>();
  const groups: number[] = [];
  for (let cell = 0; cell < largest.length; cell++) {
    if (largest[cell] >= least[cell % batch]) groups.push(cell);
  }
  const cells = new Int32Array(groups.length * GROUP);
  let filled = 0;
  for (const group of groups) {
    const query = group % batch;
    const start = ((group - query) / batch) * GROUP;
    const end = Math.min(count, start + GROUP);
    for (let row = start; row < end; row++) cells[filled++] = row * batch + query;
  }
  return cells.subarray(0, filled);
}

/** [queries]: the k-th largest of the groups' largest cosines and of those taken before. */
function leastOfInterest(execute: Execute, top: TopRows, blocks: readonly Block[]): Float32Array {
  const { k, queries } = top;
  const groups = blocks.reduce((sum, { maxima }) => sum + maxima.shape[0], 0);
  const enough = top.count < k ? groups >= k : true;
  if (!enough) return new Float32Array(queries).fill(Number.NEGATIVE_INFINITY);
  return hostValues(() => {
    const maxima = tf.transpose(
      tf.concat(
        blocks.map((block) => block.maxima),
        0,
      ),
    );
    const taken = tf.tensor2d(top.cosines, [queries, k]);
    const known = top.count < k ? maxima : tf.concat([taken, maxima], 1);
    const inputs = [known, tf.scalar(k - 1, 'int32')];
    return execute('NthElement', inputs, { bools: { reverse: true } })[0];
  });
}
