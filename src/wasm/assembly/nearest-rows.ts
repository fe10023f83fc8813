import { Address } from './address';
import { BLOCK_ROWS, paddedQueries } from './bank-products';
import { coarseError, coarseProducts, coarseWidth } from './coarse';
import { squareApart, squareOf } from './squares';
import { TILE_ROWS } from './tile';
import { push, replaceRoot, sortHeap } from './top-rows';

/** |r|^2 / 2 of each row. */
export function halfSquares(rows: Address, size: i32, dim: i32, halves: Address): void {
  for (let row = 0; row < size; row++, rows += (<usize>dim) << 2, halves += 4) {
    store<f32>(halves, <f32>(0.5 * squareOf(rows, dim)));
  }
}

/** Bytes of scratch for `nearestRows`: four numbers a query, those found, and products. */
export function nearestRowsScratch(batch: i32, k: i32): usize {
  const padded = <usize>paddedQueries(batch);
  return padded * <usize>(16 + 8 * k + 4 * (BLOCK_ROWS + TILE_ROWS));
}

/**
 * The k rows nearest to each query by Euclidean distance, nearest first.
 *
 * Most rows are passed over by sketches: the rows themselves, or their products with a few orthonormal axes.
 * Two rows are at least as far apart as their sketches, so that only those have to be compared whose sketch is nearer than
 * the k-th nearest row found so far. Sketches are compared by products of coarse numbers, which are wrong by a known share.
 *
 * @param sketches [batch, width], of the queries. @param packed the same, coarse, in panels of eight.
 * @param factors of these. @param coarse sketches of the rows, likewise.
 * @param rowFactors of these. @param halves [size], of `halfSquares` of the sketches.
 * @param reach the length of the longest row.
 */
export function nearestRows(
  queries: Address,
  sketches: Address,
  packed: Address,
  factors: Address,
  batch: i32,
  rows: Address,
  coarse: Address,
  rowFactors: Address,
  halves: Address,
  size: i32,
  dim: i32,
  width: i32,
  reach: f64,
  k: i32,
  distances: Address,
  indices: Address,
  scratch: Address,
): void {
  const padded = paddedQueries(batch);
  const thresholds = scratch;
  const counts = thresholds + ((<usize>padded) << 2);
  const lengths = counts + ((<usize>padded) << 2);
  const squares = lengths + ((<usize>padded) << 2);
  const values = squares + ((<usize>padded) << 2);
  const found = values + ((<usize>(padded * k)) << 2);
  const made = found + ((<usize>(padded * k)) << 2);
  const rowBytes = (<usize>dim) << 2;
  const sketchBytes = (<usize>width) << 2;
  const coarseBytes = (<usize>coarseWidth(width)) << 1;
  for (let i = 0; i < padded; i++) {
    const lane = (<usize>i) << 2;
    store<f32>(thresholds + lane, i < batch ? -f32.MAX_VALUE : f32.MAX_VALUE);
    store<i32>(counts + lane, 0);
    if (i >= batch) continue;
    const length = <f32>Math.sqrt(squareOf(queries + <usize>i * rowBytes, dim));
    // For a query that is not a number, no row is taken.
    if (!(length <= f32.MAX_VALUE)) store<f32>(thresholds + lane, f32.MAX_VALUE);
    store<f32>(lengths + lane, length);
    store<f32>(squares + lane, <f32>squareOf(sketches + <usize>i * sketchBytes, width));
  }
  const stride = (<usize>padded) << 2;
  for (let first = 0; first < size; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, size - first);
    const from = coarse + <usize>first * coarseBytes;
    coarseProducts(packed, factors, padded, from, rowFactors + ((<usize>first) << 2), count, coarseWidth(width), made);
    for (let q = 0; q < padded; q += 4) {
      const lanes = (<usize>q) << 2;
      let threshold = v128.load(thresholds + lanes);
      let from = made + lanes;
      for (let row = first; row < first + count; row++, from += stride) {
        const half = v128.load32_splat(halves + ((<usize>row) << 2));
        const above = f32x4.gt(f32x4.sub(v128.load(from), half), threshold);
        if (!v128.any_true(above)) continue;
        const mask = i32x4.bitmask(above);
        for (let lane = 0; lane < 4; lane++) {
          if (((mask >> lane) & 1) == 0) continue;
          const query = q + lane;
          const place = (<usize>query) << 2;
          const heap = (<usize>(query * k)) << 2;
          const at = queries + <usize>query * rowBytes;
          const value = <f32>-squareApart(at, rows + <usize>row * rowBytes, dim);
          const taken = load<i32>(counts + place);
          if (taken < k) {
            push(values + heap, found + heap, taken, value, row);
            store<i32>(counts + place, taken + 1);
            if (taken + 1 < k) continue;
          } else {
            if (!(value > load<f32>(values + heap))) continue;
            replaceRoot(values + heap, found + heap, k, value, row);
          }
          const farthest = Math.sqrt(-load<f32>(values + heap));
          const square = <f64>load<f32>(squares + place);
          const length = <f64>load<f32>(lengths + place);
          const least = leastOf(square, farthest, length, reach, dim, width);
          store<f32>(thresholds + place, least);
        }
        threshold = v128.load(thresholds + lanes);
      }
    }
  }
  for (let i = 0; i < batch; i++) {
    const heap = (<usize>(i * k)) << 2;
    const taken = load<i32>(counts + ((<usize>i) << 2));
    sortHeap(values + heap, found + heap, taken);
    const query = queries + <usize>i * rowBytes;
    for (let j = 0; j < k; j++) {
      const from = heap + ((<usize>j) << 2);
      // Where a query is not a number, no row is taken.
      const square = j < taken ? -load<f32>(values + from) : <f32>squareApart(query, rows, dim);
      store<f32>(distances + from, f32.sqrt(square));
      store<i32>(indices + from, j < taken ? load<i32>(found + from) : 0);
    }
  }
}

/**
 * What s . t - |t|^2 / 2 is at least for the sketch t of a row that is not farther than `farthest`, s being the query's:
 * (|s|^2 - |s - t|^2) / 2, less all that rounding to float32 can add. A sum of n products is wrong by n 2^-24 of the
 * lengths at most, one of coarse numbers by `coarseError`.
 *
 * @param square |s|^2. @param length of the query. @param reach of the longest row.
 */
function leastOf(square: f64, farthest: f64, length: f64, reach: f64, dim: i32, width: i32): f32 {
  const unit: f64 = 5.9604644775390625e-8;
  const far = farthest * (1 + 1e-5) + <f64>dim * unit * Math.sqrt(<f64>width) * (length + reach);
  const rounding = <f64>(width + 8) * 2 * unit * (square + reach * reach);
  const coarse = coarseError(width) * length * reach;
  return <f32>((square - far * far - rounding) / 2 - coarse);
}

/** The length of the longest row that is a number. */
export function longestRow(rows: Address, size: i32, dim: i32): f64 {
  let most: f64 = 0;
  for (let row = 0; row < size; row++, rows += (<usize>dim) << 2) {
    const square = squareOf(rows, dim);
    if (square > most) most = square;
  }
  return Math.sqrt(most);
}
