import { Address } from './address';
import { BLOCK_ROWS, paddedQueries, products, productsScratch } from './bank-products';
import { offer } from './offer';
import { push, replaceRoot, sortHeap } from './top-rows';

/** Bytes of scratch for `nearestRows`: thresholds and counts of the queries, their candidates, and products. */
export function nearestRowsScratch(batch: i32, candidates: i32): usize {
  const padded = <usize>paddedQueries(batch);
  return (padded << 3) + ((padded * <usize>candidates) << 3) + productsScratch(batch);
}

/** |r|^2 / 2 of each row. */
export function halfSquares(rows: Address, size: i32, dim: i32, halves: Address): void {
  for (let row = 0; row < size; row++, rows += (<usize>dim) << 2, halves += 4) {
    store<f32>(halves, <f32>(0.5 * squareOf(rows, dim)));
  }
}

/**
 * The k rows nearest to each query by Euclidean distance, nearest first.
 *
 * Rows are ranked by q . r - |r|^2 / 2, which orders them as their distances do but for rounding. The distances of
 * some more than k are then computed by differences, which keep the digits of small ones.
 *
 * @param queries [batch, dim]. @param packed the same in panels of eight. @param rows [size, dim].
 * @param halves [size], of `halfSquares`. @param candidates from k to size.
 * @param distances [batch, k]. @param indices [batch, k].
 */
export function nearestRows(
  queries: Address,
  packed: Address,
  batch: i32,
  rows: Address,
  halves: Address,
  size: i32,
  dim: i32,
  k: i32,
  candidates: i32,
  distances: Address,
  indices: Address,
  scratch: Address,
): void {
  const padded = paddedQueries(batch);
  const thresholds = scratch;
  const counts = thresholds + ((<usize>padded) << 2);
  const values = counts + ((<usize>padded) << 2);
  const found = values + ((<usize>(padded * candidates)) << 2);
  const block = found + ((<usize>(padded * candidates)) << 2);
  for (let i = 0; i < padded; i++) {
    // What fills up the last panel takes nothing.
    store<f32>(thresholds + ((<usize>i) << 2), i < batch ? -f32.MAX_VALUE : f32.MAX_VALUE);
    store<i32>(counts + ((<usize>i) << 2), 0);
  }
  // Where a query is not a number, no row is taken.
  memory.fill(found, 0, (<usize>(padded * candidates)) << 2);
  const rowBytes = (<usize>dim) << 2;
  const stride = (<usize>padded) << 2;
  for (let first = 0; first < size; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, size - first);
    const made = products(packed, batch, rows + <usize>first * rowBytes, count, dim, block);
    for (let q = 0; q < padded; q += 4) {
      const lanes = (<usize>q) << 2;
      let threshold = v128.load(thresholds + lanes);
      let from = made + lanes;
      for (let row = first; row < first + count; row++, from += stride) {
        const half = v128.load32_splat(halves + ((<usize>row) << 2));
        const value = f32x4.sub(v128.load(from), half);
        const above = f32x4.gt(value, threshold);
        if (!v128.any_true(above)) continue;
        v128.store(from, value);
        offer(above, from, q, row, candidates, values, found, counts, thresholds);
        threshold = v128.load(thresholds + lanes);
      }
    }
  }
  for (let i = 0; i < batch; i++) {
    const place = (<usize>(i * candidates)) << 2;
    rank(queries + <usize>i * rowBytes, rows, dim, values + place, found + place, candidates);
    const to = (<usize>(i * k)) << 2;
    memory.copy(indices + to, found + place, (<usize>k) << 2);
    for (let j: usize = 0; j < <usize>k; j++) {
      const value = load<f32>(values + place + (j << 2));
      store<f32>(distances + to + (j << 2), f32.sqrt(-value));
    }
  }
}

/** Bytes of scratch for `nearestBySketches`. */
export function nearestBySketchesScratch(batch: i32, k: i32): usize {
  return (<usize>paddedQueries(batch) << 3) + nearestRowsScratch(batch, k);
}

/**
 * The same, where most rows are passed over by sketches: their products with a few orthonormal axes. Two rows are at
 * least as far apart as their sketches, so that only those have to be compared whose sketch is nearer than the k-th
 * nearest row found so far.
 *
 * @param sketches [batch, width], of the queries. @param packed the same in panels of eight.
 * @param rowSketches [size, width]. @param halves [size], of `halfSquares` of these.
 * @param reach the length of the longest row.
 */
export function nearestBySketches(
  queries: Address,
  sketches: Address,
  packed: Address,
  batch: i32,
  rows: Address,
  rowSketches: Address,
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
  const block = found + ((<usize>(padded * k)) << 2);
  const rowBytes = (<usize>dim) << 2;
  const sketchBytes = (<usize>width) << 2;
  for (let i = 0; i < padded; i++) {
    const lane = (<usize>i) << 2;
    store<f32>(thresholds + lane, i < batch ? -f32.MAX_VALUE : f32.MAX_VALUE);
    store<i32>(counts + lane, 0);
    if (i >= batch) continue;
    store<f32>(lengths + lane, <f32>Math.sqrt(squareOf(queries + <usize>i * rowBytes, dim)));
    store<f32>(squares + lane, <f32>squareOf(sketches + <usize>i * sketchBytes, width));
  }
  const stride = (<usize>padded) << 2;
  for (let first = 0; first < size; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, size - first);
    const made = products(packed, batch, rowSketches + <usize>first * sketchBytes, count, width, block);
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
 * lengths at most.
 *
 * @param square |s|^2. @param length of the query. @param reach of the longest row.
 */
function leastOf(square: f64, farthest: f64, length: f64, reach: f64, dim: i32, width: i32): f32 {
  const unit: f64 = 5.9604644775390625e-8;
  const far = farthest * (1 + 1e-5) + <f64>dim * unit * Math.sqrt(<f64>width) * (length + reach);
  const rounding = <f64>(width + 8) * 2 * unit * (square + reach * reach);
  return <f32>((square - far * far - rounding) / 2);
}

/** The length of the longest row. */
export function longestRow(rows: Address, size: i32, dim: i32): f64 {
  let most: f64 = 0;
  for (let row = 0; row < size; row++, rows += (<usize>dim) << 2) {
    most = max(most, squareOf(rows, dim));
  }
  return Math.sqrt(most);
}

/** Sorts the rows found for a query by their squared distances, which `values` is given, negated. */
function rank(query: usize, rows: usize, dim: i32, values: usize, found: usize, count: i32): void {
  for (let j = 0; j < count; j++) {
    const row = load<i32>(found + ((<usize>j) << 2));
    const square = squareApart(query, rows + ((<usize>row * <usize>dim) << 2), dim);
    push(values, found, j, <f32>-square, row);
  }
  sortHeap(values, found, count);
}

function squareApart(u: usize, v: usize, dim: i32): f64 {
  // Two sums, since each addition waits for the one before.
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= dim; i += 8, u += 32, v += 32) {
    const one = f32x4.sub(v128.load(u), v128.load(v));
    const other = f32x4.sub(v128.load(u, 16), v128.load(v, 16));
    even = f32x4.add(even, f32x4.mul(one, one));
    odd = f32x4.add(odd, f32x4.mul(other, other));
  }
  let sum = total(f32x4.add(even, odd));
  for (; i < dim; i++, u += 4, v += 4) {
    const difference = <f64>load<f32>(u) - <f64>load<f32>(v);
    sum += difference * difference;
  }
  return sum;
}

function squareOf(u: usize, dim: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= dim; i += 4, u += 16) {
    const values = v128.load(u);
    const one = f64x2.promote_low_f32x4(values);
    const other = f64x2.promote_low_f32x4(v128.shuffle<f32>(values, values, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(one, one));
    high = f64x2.add(high, f64x2.mul(other, other));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < dim; i++, u += 4) {
    const value = <f64>load<f32>(u);
    sum += value * value;
  }
  return sum;
}

function total(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    <f64>f32x4.extract_lane(v, 2) +
    <f64>f32x4.extract_lane(v, 3)
  );
}
