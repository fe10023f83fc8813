import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import { packQueries, packRows } from './pack-queries.js';
import type { Scratch, Simd } from './simd.js';
import { axesOf, sketchesOf } from './sketch-axes.js';

/** Queries that go through the rows together: the second-level cache holds their products with a block. */
const TOGETHER = 128;

/** Rows beyond k whose distances are computed by differences, since rounding may have put them out of order. */
const SPARE = 3;

/** Distances to the k nearest rows [batch, k], and those rows [batch, k]. */
export function nearestRows(simd: Simd, queries: Tensor, rows: Tensor, k: number): TensorInfo[] {
  const [batch, dim] = queries.shape;
  const distances = simd.output([batch, k]);
  const indices = simd.output([batch, k], 'int32');
  const [query, distance, index] = simd.addresses(queries, distances, indices);
  const axes = axesOf(simd, queries, rows);
  simd.withScratch((scratch) => {
    const search = axes
      ? bySketches(simd, scratch, { queries, rows, k, axes })
      : byProducts(simd, scratch, { queries, rows, k });
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

interface Wanted {
  readonly queries: Tensor;
  readonly rows: Tensor;
  readonly k: number;
}

/** Where some queries, and what is found for them, begin. */
interface Places {
  readonly queries: Address;
  readonly distances: Address;
  readonly indices: Address;
}

type Search = (first: number, count: number, places: Places) => void;

/** Compares every query with every row. */
function byProducts(simd: Simd, scratch: Scratch, { queries, rows, k }: Wanted): Search {
  const { halfSquares, nearestRows, nearestRowsScratch } = simd.functions;
  const [size, dim] = rows.shape;
  const candidates = Math.min(k + SPARE, size);
  const row = simd.address(rows);
  const packed = packQueries(simd, scratch, queries);
  const halves = scratch.take(size * 4);
  halfSquares(row, size, dim, halves);
  const room = scratch.take(nearestRowsScratch(TOGETHER, candidates));
  return (first, count, places) =>
    nearestRows(
      places.queries,
      after(packed, first * dim * 4),
      count,
      ...[row, halves],
      ...[size, dim, k, candidates],
      ...[places.distances, places.indices, room],
    );
}

/** Compares sketches, and those rows that they leave. */
function bySketches(
  simd: Simd,
  scratch: Scratch,
  { queries, rows, k, axes }: Wanted & { axes: Float32Array },
): Search {
  const { halfSquares, longestRow, nearestBySketches, nearestBySketchesScratch } = simd.functions;
  const [size, dim] = rows.shape;
  const width = axes.length / dim;
  const row = simd.address(rows);
  const reach = longestRow(row, size, dim);
  const sketches = sketchesOf(simd, scratch, axes, [queries, rows]);
  const packed = packRows(simd, scratch, sketches[0], queries.shape[0], width);
  const halves = scratch.take(size * 4);
  halfSquares(sketches[1], size, width, halves);
  const room = scratch.take(nearestBySketchesScratch(TOGETHER, k));
  return (first, count, places) =>
    nearestBySketches(
      places.queries,
      after(sketches[0], first * width * 4),
      after(packed, first * width * 4),
      count,
      ...[row, sketches[1], halves],
      ...[size, dim, width, reach, k],
      ...[places.distances, places.indices, room],
    );
}
