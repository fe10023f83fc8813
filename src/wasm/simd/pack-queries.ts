import type { Tensor } from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import { passTime, type Range, share } from './share.js';
import type { Scratch, Simd } from './simd.js';

/** Queries of a panel: what threads have is cut there. */
export const PANEL = 8;

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
  const packed = scratch.take(Math.ceil(batch / PANEL) * PANEL * dim * 4);
  const start = scratch.table([0]);
  const ofPanels = ({ functions }: Simd, { first, count }: Range) =>
    functions.packPanels(
      ...[after(rows, first * dim * 4), after(packed, first * dim * 4), start, 1],
      ...[dim, 4, count, dim * 4],
    );
  share(simd, batch, passTime(batch * dim), ofPanels, { group: PANEL });
  return packed;
}
