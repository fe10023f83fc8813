import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { NOWHERE } from './address.js';
import { packQueries } from './pack-queries.js';
import type { Simd } from './simd.js';

/** What a scan is told beside its tensors; host arrays, as the core has them. */
export interface ScanAttributes {
  readonly k: number;
  readonly keep?: Float32Array;
  readonly own?: Int32Array;
}

/** Angles to the k nearest rows [batch, k], those rows [batch, k], and the sum of all other angles [batch]. */
export function bankScan(
  simd: Simd,
  queries: Tensor,
  rows: Tensor,
  { k, keep, own }: ScanAttributes,
): TensorInfo[] {
  const [batch, dim] = queries.shape;
  const nearest = simd.output([batch, k]);
  const indices = simd.output([batch, k], 'int32');
  const others = simd.output([batch]);
  simd.withScratch((scratch) =>
    simd.functions.bankScan(
      simd.address(queries),
      packQueries(simd, scratch, queries),
      batch,
      ...[simd.address(rows), rows.shape[0], dim],
      keep ? scratch.floats(keep) : NOWHERE,
      own ? scratch.table(own) : NOWHERE,
      k,
      ...simd.addresses(nearest, indices, others),
      scratch.take(simd.functions.bankScanScratch(batch, rows.shape[0], dim, k)),
    ),
  );
  return [nearest, indices, others];
}
