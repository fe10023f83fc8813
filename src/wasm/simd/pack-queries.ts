import type { Tensor } from '@tensorflow/tfjs-core';
import type { Address } from './address.js';
import type { Scratch, Simd } from './simd.js';

/** The address of queries [batch, dim] in panels of eight columns, the last filled up with zeros. */
export function packQueries(simd: Simd, scratch: Scratch, queries: Tensor): Address {
  const [batch, dim] = queries.shape;
  const packed = scratch.take(Math.ceil(batch / 8) * 8 * dim * 4);
  simd.functions.packPanels(
    ...[simd.address(queries), packed],
    ...[scratch.table([0]), 1],
    ...[dim, 4],
    ...[batch, dim * 4],
  );
  return packed;
}
