import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import { packRows } from './pack-queries.js';
import type { Scratch, Simd } from './simd.js';
import { sketchedOf, sketchesOf } from './sketch-axes.js';

/** Queries that go through the rows together: the second-level cache holds their products with a block. */
const TOGETHER = 128;

/** Distances to the k nearest rows [batch, k], and those rows [batch, k]. */
export function nearestRows(simd: Simd, queries: Tensor, rows: Tensor, k: number): TensorInfo[] {
  const [batch, dim] = queries.shape;
  const distances = simd.output([batch, k]);
  const indices = simd.output([batch, k], 'int32');
  const [query, distance, index] = simd.addresses(queries, distances, indices);
  simd.withScratch((scratch) => {
    const search = searchOf(simd, scratch, queries, rows, k);
    for (let first = 0; first < batch; first += TOGETHER) {
      search(first, Math.min(TOGETHER, batch - first), {
        queries: after(query, first * dim * 4),
        distances: after(distance, first * k * 4),
        indices: after(index, first * k * 4),
      });
    }
  });
  return [distances, indices];
}

/** Where some queries, and what is found for them, begin. */
interface Places {
  readonly queries: Address;
  readonly distances: Address;
  readonly indices: Address;
}

type Search = (first: number, count: number, places: Places) => void;

/** Compares sketches, or the rows themselves where they have none, as coarse numbers, and then those rows that this leaves. */
function searchOf(simd: Simd, scratch: Scratch, queries: Tensor, rows: Tensor, k: number): Search {
  const { halfSquares, longestRow, nearestRowsScratch, nearestRows: search } = simd.functions;
  const [size, dim] = rows.shape;
  const batch = queries.shape[0];
  const sketched = sketchedOf(simd, queries, rows);
  const width = sketched ? sketched.axes.length / dim : dim;
  const [query, row] = simd.addresses(queries, rows);
  const reach = longestRow(row, size, dim);
  const [sketches, rowSketches] = sketched
    ? sketchesOf(simd, scratch, sketched, queries, rows)
    : [query, row];
  const asked = coarse(simd, scratch, sketches, batch, width);
  const known = coarse(simd, scratch, rowSketches, size, width);
  const halves = scratch.take(size * 4);
  halfSquares(rowSketches, size, width, halves);
  const room = scratch.take(nearestRowsScratch(TOGETHER, k));
  return (first, count, places) =>
    search(
      places.queries,
      after(sketches, first * width * 4),
      ...[after(asked.panels, first * asked.pairs * 4), after(asked.factors, first * 4)],
      count,
      ...[row, known.panels, known.factors, halves],
      ...[size, dim, width, reach, k],
      ...[places.distances, places.indices, room],
    );
}

/** Rows as whole numbers of 16 bits, in panels of eight rows, and the factor of each. */
function coarse(simd: Simd, scratch: Scratch, from: Address, count: number, width: number) {
  const pairs = Math.ceil(width / 8) * 4;
  const rows = scratch.take(count * pairs * 4);
  const factors = scratch.take(Math.ceil(count / 8) * 32);
  simd.functions.coarsen(from, count, width, rows, factors);
  return { panels: packRows(simd, scratch, rows, count, pairs), factors, pairs };
}
