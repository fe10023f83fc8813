import type { Tensor } from '@tensorflow/tfjs-core';
import type { Address } from './address.js';
import type { Scratch, Simd } from './simd.js';

/** The address of queries [batch, dim] in panels of eight columns, the last filled up with zeros. */
export function packQueries(simd: Simd, scratch: Scratch, queries: Tensor): Address {
  const [batch, dim] = queries.shape as [number, number];
  return packRows(simd, scratch, simd.address(queries), batch, dim);
}

/** The same of rows at an address. */
export function packRows(
  simd: Simd,
  scratch: Scratch,
  rows: Address,
  batch: number,
  dim: number,
): Address {
  const packed = scratch.take(Math.ceil(batch / 8) * 8 * dim * 4);
  simd.functions.packPanels(
    ...[rows, packed],
    ...[scratch.table([0]), 1],
    ...[dim, 4],
    ...[batch, dim * 4],
  );
  return packed;
}
