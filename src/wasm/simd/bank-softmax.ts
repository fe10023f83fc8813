import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after } from './address.js';
import { packQueries } from './pack-queries.js';
import type { Simd } from './simd.js';

/** Largest logit and sum of exponentials [2, padded batch], and the sum of the rows weighted so [batch, dim]. */
export function bankSoftmax(
  simd: Simd,
  queries: Tensor,
  rows: Tensor,
  temperature: number,
): TensorInfo[] {
  const [batch, dim] = queries.shape;
  const padded = Math.ceil(batch / 8) * 8;
  const sums = simd.output([2, padded]);
  const weighted = simd.output([batch, dim]);
  simd.withScratch((scratch) => {
    const address = simd.address(sums);
    simd.functions.bankSoftmax(
      packQueries(simd, scratch, queries),
      batch,
      ...[simd.address(rows), rows.shape[0], dim],
      1 / temperature,
      ...[address, after(address, padded * 4), simd.address(weighted)],
      scratch.take(simd.functions.bankSoftmaxScratch(batch, dim)),
    );
  });
  return [sums, weighted];
}
