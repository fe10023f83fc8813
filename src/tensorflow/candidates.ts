import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { GROUP, hostValues } from './bank-blocks.js';
import type { Execute } from './kernel.js';
import type { TopRows } from './top-rows.js';

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
  for (const block of blocks) takeFrom(top, block, least);
}

function takeFrom(top: TopRows, { first, cosines, maxima }: Block, least: Float32Array): void {
  const [count, batch] = cosines.shape;
  const { thresholds } = top;
  const largest = maxima.dataSync<'float32'>();
  let values: Float32Array | undefined;
  for (let start = 0, cell = 0; start < count; start += GROUP) {
    const end = Math.min(count, start + GROUP);
    for (let query = 0; query < batch; query++, cell++) {
      if (!(largest[cell] >= least[query])) continue;
      values ??= cosines.dataSync<'float32'>();
      for (let row = start; row < end; row++) {
        const cosine = values[row * batch + query];
        // Of equal ones the rows taken before are lower.
        if (cosine >= least[query] && cosine > thresholds[query])
          top.take(query, cosine, first + row);
      }
    }
  }
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
