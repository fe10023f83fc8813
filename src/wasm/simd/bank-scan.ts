import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after, NOWHERE } from './address.js';
import { PANEL, packQueries } from './pack-queries.js';
import { productTime, type Range, share } from './share.js';
import type { Simd } from './simd.js';

/** What a scan is told beside its tensors; host arrays, as the core has them. */
export interface ScanAttributes {
  readonly k: number;
  readonly keep?: Float32Array;
  readonly own?: Int32Array;
}

/** Multiplications that take as long as the angle of a cosine, about. */
const ANGLE = 60;

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
  const size = rows.shape[0];
  const asked = simd.address(queries);
  const [near, found, rest] = simd.addresses(nearest, indices, others);
  simd.withScratch((scratch) => {
    const packed = packQueries(simd, scratch, queries);
    const kept = keep ? scratch.floats(keep) : NOWHERE;
    const self = own ? scratch.table(own) : NOWHERE;
    const ofQueries = (part: Simd, { first, count }: Range) =>
      part.withScratch((mine) =>
        part.functions.bankScan(
          ...[after(asked, first * dim * 4), after(packed, first * dim * 4), count],
          ...[simd.address(rows), size, dim, kept],
          own ? after(self, first * 4) : NOWHERE,
          k,
          ...[after(near, first * k * 4), after(found, first * k * 4), after(rest, first * 4)],
          mine.take(part.functions.bankScanScratch(count, size, dim, k)),
        ),
      );
    const time = productTime(batch * size * (dim + ANGLE));
    // Each range reads the whole bank: one a thread.
    share(simd, batch, time, ofQueries, { group: PANEL, perThread: 1 });
  });
  return [nearest, indices, others];
}
