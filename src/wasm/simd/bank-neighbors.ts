import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after } from './address.js';
import { PANEL, packQueries } from './pack-queries.js';
import { productTime, type Range, share } from './share.js';
import type { Simd } from './simd.js';

/** Numbers that the search of neighbourhoods takes beside its tensors. */
export interface NeighborsAttributes {
  readonly own: Int32Array;
  readonly k: number;
  readonly temperature: number;
  readonly entropyIncludesSelf: boolean;
}

/** Multiplications that take as long as the exponential of a logit, about. */
const EXPONENTIAL = 60;

/** Sums [2, batch] that entropies are made of, and the k nearest rows [batch, k]. */
export function bankNeighbors(
  simd: Simd,
  queries: Tensor,
  rows: Tensor,
  { own, k, temperature, entropyIncludesSelf }: NeighborsAttributes,
): TensorInfo[] {
  const [batch, dim] = queries.shape;
  const sums = simd.output([2, batch]);
  const indices = simd.output([batch, k], 'int32');
  const size = rows.shape[0];
  const [totals, found] = simd.addresses(sums, indices);
  simd.withScratch((scratch) => {
    const packed = packQueries(simd, scratch, queries);
    const self = scratch.table(own);
    const ofQueries = (part: Simd, { first, count }: Range) =>
      part.withScratch((mine) =>
        part.functions.bankNeighbors(
          ...[after(packed, first * dim * 4), count, simd.address(rows), size, dim],
          ...[after(self, first * 4), k, 1 / temperature, entropyIncludesSelf],
          ...[after(totals, first * 4), batch * 4, after(found, first * k * 4)],
          mine.take(part.functions.bankNeighborsScratch(count, k, dim)),
        ),
      );
    share(simd, batch, productTime(batch * size * (dim + EXPONENTIAL)), ofQueries, {
      group: PANEL,
      // Each range reads the whole bank.
      perThread: 1,
    });
  });
  return [sums, indices];
}
