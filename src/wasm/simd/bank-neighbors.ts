import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { packQueries } from './pack-queries.js';
import type { Simd } from './simd.js';

/** Numbers that the search of neighbourhoods takes beside its tensors. */
export interface NeighborsAttributes {
  readonly own: Int32Array;
  readonly k: number;
  readonly temperature: number;
  readonly entropyIncludesSelf: boolean;
}

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
  simd.withScratch((scratch) =>
    simd.functions.bankNeighbors(
      packQueries(simd, scratch, queries),
      batch,
      ...[simd.address(rows), rows.shape[0], dim],
      scratch.table(own),
      ...[k, 1 / temperature, entropyIncludesSelf],
      ...simd.addresses(sums, indices),
      scratch.take(simd.functions.bankNeighborsScratch(batch, k, dim)),
    ),
  );
  return [sums, indices];
}
