import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after } from './address.js';
import { packQueries } from './pack-queries.js';
import { productTime, type Range, rangesOf, share } from './share.js';
import type { Simd } from './simd.js';

/** Rows that are worth a softmax of their own, in blocks of the module, and how many sets have one: it must not depend on the number of threads. */
const [WORTH, BLOCK, MOST] = [1024, 64, 16];

/** Multiplications that take as long as the exponential of a logit, about. */
const EXPONENTIAL = 60;

/** Largest logit and sum of exponentials [2, padded batch], and the sum of the rows weighted so [batch, dim]. */
export function bankSoftmax(
  simd: Simd,
  queries: Tensor,
  rows: Tensor,
  temperature: number,
): TensorInfo[] {
  const [batch, dim] = queries.shape as [number, number];
  const size = rows.shape[0];
  const padded = Math.ceil(batch / 8) * 8;
  const sums = simd.output([2, padded]);
  const weighted = simd.output([batch, dim]);
  const count = Math.max(1, Math.min(MOST, Math.floor(size / WORTH)));
  const sets = rangesOf(size, count, BLOCK);
  simd.withScratch((scratch) => {
    const packed = packQueries(simd, scratch, queries);
    // Those of the first set are where those of all are in the end.
    const others = sets.slice(1).map(() => ({
      sums: scratch.take(2 * padded * 4),
      weighted: scratch.take(batch * dim * 4),
    }));
    const all = { sums: simd.address(sums), weighted: simd.address(weighted) };
    const found = [all, ...others];
    const ofSets = (part: Simd, { first, count: some }: Range) =>
      part.withScratch((own) => {
        const room = own.take(part.functions.bankSoftmaxScratch(batch, dim));
        for (let set = first; set < first + some; set++) {
          part.functions.bankSoftmax(
            ...[packed, batch, after(simd.address(rows), sets[set].first * dim * 4)],
            ...[sets[set].count, dim, 1 / temperature],
            ...[found[set].sums, after(found[set].sums, padded * 4), found[set].weighted, room],
          );
        }
      });
    const time = productTime(padded * size * (2 * dim + EXPONENTIAL));
    share(simd, sets.length, time, ofSets);
    for (const other of others) {
      simd.functions.mergeSoftmax(
        ...[all.sums, after(all.sums, padded * 4), all.weighted],
        ...[other.sums, after(other.sums, padded * 4), other.weighted],
        ...[batch, dim],
      );
    }
  });
  return [sums, weighted];
}
