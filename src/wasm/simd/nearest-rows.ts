import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after } from './address.js';
import { packQueries } from './pack-queries.js';
import type { Simd } from './simd.js';

/** Queries that go through the rows together: the second-level cache holds their products with a block. */
const TOGETHER = 128;

/** Rows beyond k whose distances are computed by differences, since rounding may have put them out of order. */
const SPARE = 3;

/** Distances to the k nearest rows [batch, k], and those rows [batch, k]. */
export function nearestRows(simd: Simd, queries: Tensor, rows: Tensor, k: number): TensorInfo[] {
  const [batch, dim] = queries.shape;
  const size = rows.shape[0];
  const candidates = Math.min(k + SPARE, size);
  const distances = simd.output([batch, k]);
  const indices = simd.output([batch, k], 'int32');
  simd.withScratch((scratch) => {
    const { halfSquares, nearestRows, nearestRowsScratch } = simd.functions;
    const [q, r, d, i] = simd.addresses(queries, rows, distances, indices);
    const packed = packQueries(simd, scratch, queries);
    const halves = scratch.take(size * 4);
    const room = scratch.take(nearestRowsScratch(Math.min(TOGETHER, batch), candidates));
    halfSquares(r, size, dim, halves);
    for (let first = 0; first < batch; first += TOGETHER) {
      const count = Math.min(TOGETHER, batch - first);
      const [queryBytes, answerBytes] = [first * dim * 4, first * k * 4];
      nearestRows(
        after(q, queryBytes),
        after(packed, queryBytes),
        count,
        ...[r, halves],
        ...[size, dim, k, candidates],
        after(d, answerBytes),
        after(i, answerBytes),
        room,
      );
    }
  });
  return [distances, indices];
}
