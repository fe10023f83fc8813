import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Address } from './address.js';
import { packRows } from './pack-queries.js';
import type { Scratch, Simd } from './simd.js';
import { sketchedOf, sketchesOf } from './sketch-axes.js';

/** Queries that share a factor: a panel. */
const PANEL = 8;

/** Share of the longest row that a panel's factor goes by at least, so that |r|^2 / 2 fits its whole numbers as products do. */
const LEAST = 0.6;

/**
 * Distances to the k nearest rows [batch, k], and those rows [batch, k]: compares sketches, or the rows themselves where they
 * have none, as coarse numbers, and then those rows that this leaves.
 */
export function nearestRows(simd: Simd, queries: Tensor, rows: Tensor, k: number): TensorInfo[] {
  const [batch, dim] = queries.shape;
  const size = rows.shape[0];
  const { halfSquares, longestRow, nearestRowsScratch, nearestRows: search } = simd.functions;
  const distances = simd.output([batch, k]);
  const indices = simd.output([batch, k], 'int32');
  const [query, row] = simd.addresses(queries, rows);
  simd.withScratch((scratch) => {
    const sketched = sketchedOf(simd, queries, rows);
    const width = sketched ? sketched.axes.length / dim : dim;
    const [sketches, rowSketches] = sketched
      ? sketchesOf(simd, scratch, sketched, queries, rows)
      : [query, row];
    const reach = longestRow(row, size, dim);
    const form = { width, group: PANEL, least: LEAST * reach };
    const asked = coarse(simd, scratch, sketches, batch, form);
    const known = coarse(simd, scratch, rowSketches, size, { width, group: size, least: 0 });
    const halves = scratch.take(Math.ceil(size / 4) * 16);
    halfSquares(rowSketches, size, width, halves);
    search(
      ...[query, sketches, asked.panels, asked.factors, batch],
      ...[row, known.panels, known.factors, halves],
      ...[size, dim, width, reach, k],
      ...simd.addresses(distances, indices),
      scratch.take(nearestRowsScratch(size, k)),
    );
  });
  return [distances, indices];
}

/** What rows are made coarse by: their numbers, how many share a factor, and the least length that it goes by. */
interface Form {
  readonly width: number;
  readonly group: number;
  readonly least: number;
}

/** Rows as whole numbers of 16 bits, in panels of eight rows, and the factors of groups of them. */
function coarse(
  simd: Simd,
  scratch: Scratch,
  from: Address,
  count: number,
  { width, group, least }: Form,
) {
  const pairs = Math.ceil(width / 8) * 4;
  const rows = scratch.take(count * pairs * 4);
  const factors = scratch.take(Math.ceil(count / group) * 8);
  simd.functions.coarsen(from, count, width, group, least, rows, factors);
  return { panels: packRows(simd, scratch, rows, count, pairs), factors };
}
