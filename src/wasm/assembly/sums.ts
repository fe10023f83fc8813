import { Address } from './address';

/*
 * Sums over the middle axis of [outer, count, inner]: runs of 64 in float32, and the sums of runs in float64, so
 * that the number of values costs no digits. Where `inner` is small, as many rows as make up whole groups of
 * sixteen values are read as one, as in normalize-activate.
 */

/** Values that are computed together. */
const GROUP: i32 = 16;

/** Below so many columns rows are read together. */
const FEW_COLUMNS: i32 = 64;

/** Columns that are summed at a time. */
const PANEL: i32 = 1024;

/** Values of a column that are added in float32. */
const RUN: i32 = 64;

/** Bytes of scratch for `sums`: a float64 and a float32 for each column of a panel. */
export function sumsScratch(): i32 {
  return PANEL * 12;
}

/** y[o, i] = the sum of x[o, r, i] over r, or its mean. */
export function sums(
  x: Address,
  y: Address,
  outer: i32,
  count: i32,
  inner: i32,
  mean: bool,
  scratch: Address,
): void {
  const rowBytes = (<usize>inner) << 2;
  const divisor: f64 = mean ? <f64>count : 1;
  const perRow = inner < FEW_COLUMNS ? rowsOfGroup(inner) : 1;
  for (let o = 0; o < outer; o++) {
    for (let first = 0; first < inner; first += PANEL) {
      const columns = min(PANEL, inner - first);
      const from = x + ((<usize>first) << 2);
      memory.fill(scratch, 0, (<usize>columns) << 3);
      const rows = count / perRow;
      addRows(from, rows, columns * perRow, rowBytes * perRow, columns, scratch);
      const read = rows * perRow;
      addRemainder(from + <usize>read * rowBytes, count - read, 0, columns, rowBytes, scratch);
      for (let i = 0; i < columns; i++) {
        const sum = load<f64>(scratch + ((<usize>i) << 3));
        store<f32>(y + ((<usize>(first + i)) << 2), <f32>(sum / divisor));
      }
    }
    x += <usize>count * rowBytes;
    y += rowBytes;
  }
}

/** Rows that make up whole groups. */
function rowsOfGroup(inner: i32): i32 {
  let rows = GROUP;
  for (; rows > 1 && (inner * (rows >> 1)) % GROUP == 0; rows >>= 1);
  return rows;
}

/** Adds rows to the sums; column c of a row belongs to sum c % inner. */
function addRows(x: usize, rows: i32, columns: i32, rowBytes: usize, inner: i32, state: usize): void {
  const runs = state + ((<usize>PANEL) << 3);
  const whole = columns - (columns % GROUP);
  for (let left = rows; left > 0; left -= RUN) {
    const some = min(left, RUN);
    for (let column = 0; column < whole; column += GROUP) {
      const at = (<usize>column) << 2;
      sumRun(x + at, some, rowBytes, runs + at);
    }
    for (let column = 0, to = 0; column < whole; column++) {
      add(state + ((<usize>to) << 3), load<f32>(runs + ((<usize>column) << 2)));
      if (++to == inner) to = 0;
    }
    addRemainder(x, some, whole, columns, rowBytes, state);
    x += <usize>some * rowBytes;
  }
}

/** The sums of sixteen columns of so many rows. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function sumRun(x: usize, rows: i32, rowBytes: usize, to: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (; rows > 0; rows--) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
    x += rowBytes;
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
}

/** Adds columns that fill no group, or rows that do not, one value at a time. */
function addRemainder(
  x: usize,
  rows: i32,
  from: i32,
  columns: i32,
  rowBytes: usize,
  state: usize,
): void {
  if (from == columns) return;
  for (; rows > 0; rows--) {
    for (let column = from; column < columns; column++) {
      add(state + ((<usize>column) << 3), load<f32>(x + ((<usize>column) << 2)));
    }
    x += rowBytes;
  }
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function add(sum: usize, value: f32): void {
  store<f64>(sum, load<f64>(sum) + <f64>value);
}
