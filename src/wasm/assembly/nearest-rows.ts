import { Address } from './address';
import { coarseError, coarseNearness, coarseWidth } from './coarse';
import { squareApart, squareOf } from './squares';
import { push, replaceRoot, sortHeap } from './top-rows';

/** Queries that are compared together: a panel. */
const TOGETHER: i32 = 8;

/** Rows whose nearness to a panel is at hand at a time: a second-level cache holds it. */
const CHUNK: i32 = 8192;

/** Bytes of a panel's limits [8] int32, best [2][8] int32, counts [8] int32, and |s|^2 and the length of each query, [8][2] float64. */
const PANEL_BYTES: usize = 32 + 64 + 32 + 128;

/** |r|^2 / 2 of each row, and of those that fill up the last four the most that there is. */
export function halfSquares(rows: Address, size: i32, dim: i32, halves: Address): void {
  let most: f32 = 0;
  for (let row = 0; row < size; row++, rows += (<usize>dim) << 2, halves += 4) {
    const half = <f32>(0.5 * squareOf(rows, dim));
    store<f32>(halves, half);
    if (half > most) most = half;
  }
  for (let row = size; row % 4 != 0; row++, halves += 4) store<f32>(halves, most);
}

/** Bytes of scratch for `nearestRows`: what is known of a panel, what is found for it, and how near rows are. */
export function nearestRowsScratch(size: i32, k: i32): usize {
  const rows = <usize>((min(size, CHUNK) + 3) & ~3);
  return PANEL_BYTES + ((<usize>(TOGETHER * k)) << 3) + (rows << 5);
}

/**
 * The k rows nearest to each query by Euclidean distance, nearest first.
 *
 * Most rows are passed over by sketches: the rows themselves, or their products with a few orthonormal axes.
 * Two rows are at least as far apart as their sketches, so that only those have to be compared whose sketch is nearer than
 * the k-th nearest row found so far. Sketches are compared by products of coarse numbers, which are wrong by a known share.
 * Where one row is asked for, that of the nearest sketch comes first: it is near, so that few others have to be compared.
 *
 * @param sketches [batch, width], of the queries. @param packed the same, coarse, in panels of eight.
 * @param factors of these panels. @param coarse sketches of the rows, likewise, of one factor. @param halves `halfSquares` of
 * the sketches. @param reach the length of the longest row.
 */
export function nearestRows(
  queries: Address,
  sketches: Address,
  packed: Address,
  factors: Address,
  batch: i32,
  rows: Address,
  coarse: Address,
  rowFactor: Address,
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
  const limits = scratch;
  const best = limits + 32;
  const values = scratch + PANEL_BYTES;
  const found = values + ((<usize>(TOGETHER * k)) << 2);
  const made = found + ((<usize>(TOGETHER * k)) << 2);
  const coarseBytes = (<usize>coarseWidth(width)) << 1;
  const panelBytes = coarseBytes * TOGETHER;
  for (let query = 0; query < batch; query += TOGETHER, factors += 8, packed += panelBytes) {
    const some = min(TOGETHER, batch - query);
    const from = queries + ((<usize>(query * dim)) << 2);
    const unit = load<f64>(factors) * load<f64>(rowFactor);
    begin(scratch, from, sketches + ((<usize>(query * width)) << 2), some, dim, width);
    for (let first = 0; first < size; first += CHUNK) {
      const count = min(CHUNK, size - first);
      const known = coarse + <usize>first * coarseBytes;
      const half = halves + ((<usize>first) << 2);
      // Without a unit nothing is known: every row is compared.
      const inverse = <f32>(unit > 0 ? 1 / unit : 0);
      coarseNearness(packed, known, half, (count + 3) & ~3, coarseWidth(width), inverse, made, best, first);
      for (let lane = 0; lane < some && k == 1; lane++) {
        const at = (<usize>lane) << 2;
        const row = load<i32>(best + at, 32);
        if (row < first || row >= size || load<i32>(best + at) <= load<i32>(limits + at)) continue;
        compare(lane, row, from, rows, dim, width, reach, unit, k, scratch);
      }
      let low = v128.load(limits);
      let high = v128.load(limits, 16);
      let nearness = made;
      for (let row = first; row < first + count; row++, nearness += 32) {
        const nearer0 = i32x4.gt_s(v128.load(nearness), low);
        const nearer1 = i32x4.gt_s(v128.load(nearness, 16), high);
        if (!v128.any_true(v128.or(nearer0, nearer1))) continue;
        const lanes = i32x4.bitmask(nearer0) | (i32x4.bitmask(nearer1) << 4);
        for (let lane = 0; lane < some; lane++) {
          if ((lanes >> lane) & 1) compare(lane, row, from, rows, dim, width, reach, unit, k, scratch);
        }
        low = v128.load(limits);
        high = v128.load(limits, 16);
      }
    }
    finish(scratch, from, rows, some, dim, k, distances, indices);
    distances += (<usize>(some * k)) << 2;
    indices += (<usize>(some * k)) << 2;
  }
}

/** Nothing is found for the queries of a panel; a query that is not a number, or missing, takes no row. */
function begin(panel: usize, queries: usize, sketches: usize, some: i32, dim: i32, width: i32): void {
  const about = panel + 128;
  for (let lane = 0; lane < TOGETHER; lane++) {
    const at = (<usize>lane) << 2;
    const length = lane < some ? Math.sqrt(squareOf(queries + at * dim, dim)) : 0;
    const isNumber = lane < some && length <= <f64>f32.MAX_VALUE;
    store<i32>(panel + at, isNumber ? i32.MIN_VALUE : i32.MAX_VALUE);
    store<i32>(panel + at, i32.MIN_VALUE, 32);
    store<i32>(panel + at, -1, 64);
    store<i32>(panel + at, 0, 96);
    store<f64>(about + (at << 2), isNumber ? squareOf(sketches + at * width, width) : 0);
    store<f64>(about + (at << 2), length, 8);
  }
}

/** Compares a query of a panel with a row, takes the row where it is nearer, and says what a row has to be nearer than. */
function compare(
  lane: i32,
  row: i32,
  queries: usize,
  rows: usize,
  dim: i32,
  width: i32,
  reach: f64,
  unit: f64,
  k: i32,
  panel: usize,
): void {
  const at = (<usize>lane) << 2;
  const rowBytes = (<usize>dim) << 2;
  const value = <f32>-squareApart(queries + <usize>lane * rowBytes, rows + <usize>row * rowBytes, dim);
  // A row that is not a number is nearest to none.
  if (!(value >= -f32.MAX_VALUE)) return;
  const values = panel + PANEL_BYTES + at * k;
  const found = values + ((<usize>(TOGETHER * k)) << 2);
  const taken = load<i32>(panel + at, 96);
  if (taken < k) {
    push(values, found, taken, value, row);
    store<i32>(panel + at, taken + 1, 96);
    if (taken + 1 < k) return;
  } else {
    const root = load<f32>(values);
    if (!(value > root || (value == root && row < load<i32>(found)))) return;
    replaceRoot(values, found, k, value, row);
  }
  const about = panel + 128 + (at << 2);
  const farthest = Math.sqrt(-load<f32>(values));
  const least = leastOf(load<f64>(about), farthest, load<f64>(about, 8), reach, dim, width);
  const limit = unit > 0 ? least / unit - coarseError(width) : -Infinity;
  store<i32>(panel + at, <i32>max(<f64>i32.MIN_VALUE, min(<f64>i32.MAX_VALUE, Math.floor(limit) - 1)));
}

/**
 * What s . t - |t|^2 / 2 is at least for the sketch t of a row that is not farther than `farthest`, s being the query's:
 * (|s|^2 - |s - t|^2) / 2, less all that rounding to float32 can add. A sum of n products is wrong by n 2^-24 of the
 * lengths at most.
 *
 * @param square |s|^2. @param length of the query. @param reach of the longest row.
 */
function leastOf(square: f64, farthest: f64, length: f64, reach: f64, dim: i32, width: i32): f64 {
  const unit: f64 = 5.9604644775390625e-8;
  const far = farthest * (1 + 1e-5) + <f64>dim * unit * Math.sqrt(<f64>width) * (length + reach);
  const rounding = <f64>(width + 8) * 2 * unit * (square + reach * reach);
  return (square - far * far - rounding) / 2;
}

/** Writes what is found for a panel. */
function finish(
  panel: usize,
  queries: usize,
  rows: usize,
  some: i32,
  dim: i32,
  k: i32,
  distances: usize,
  indices: usize,
): void {
  for (let lane = 0; lane < some; lane++) {
    const at = (<usize>lane) << 2;
    const values = panel + PANEL_BYTES + at * k;
    const found = values + ((<usize>(TOGETHER * k)) << 2);
    const taken = load<i32>(panel + at, 96);
    sortHeap(values, found, taken);
    for (let j = 0; j < k; j++, distances += 4, indices += 4) {
      const from = (<usize>j) << 2;
      // Where a query is not a number, no row is taken.
      const square = j < taken ? -load<f32>(values + from) : <f32>squareApart(queries + at * dim, rows, dim);
      store<f32>(distances, f32.sqrt(square));
      store<i32>(indices, j < taken ? load<i32>(found + from) : 0);
    }
  }
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
