import { multiplyAdd } from './multiply-add';
import { fillUp } from './panel';
import { ROW_ENTRY, TILE_ROWS } from './tile';

// @ts-expect-error: a decorator of AssemblyScript
@inline
function sum(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/**
 * Scalar products of all rows of a table with all columns of a B that is stored column by column:
 *
 *     C[r, n] = sum_s sum_t A[r, s, t] * B[n, s, t]
 *
 * for few columns, or a B that would have to be transposed otherwise.
 *
 * @param count values t in a segment, a multiple of four. @param bStep bytes between two columns of B.
 */
export function dots(
  rows: usize,
  rowCount: i32,
  columns: i32,
  segments: usize,
  segmentCount: i32,
  count: i32,
  b: usize,
  bStep: usize,
): void {
  const filled = fillUp(rows, rowCount);
  for (let column = 0; column < columns; column += 2) {
    const one = b + <usize>column * bStep;
    const both = column + 1 < columns;
    const other = both ? one + bStep : one;
    for (let row = 0; row < filled; row += TILE_ROWS) {
      const table = rows + <usize>row * ROW_ENTRY;
      pair(table, <usize>column << 2, both, segments, segmentCount, count, one, other);
    }
  }
}

/** Four rows by two columns. */
function pair(
  rows: usize,
  column: usize,
  both: bool,
  segments: usize,
  segmentCount: i32,
  count: i32,
  b0: usize,
  b1: usize,
): void {
  const a0 = <usize>load<u32>(rows, 0);
  const a1 = <usize>load<u32>(rows, 8);
  const a2 = <usize>load<u32>(rows, 16);
  const a3 = <usize>load<u32>(rows, 24);
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  for (let s = 0; s < segmentCount; s++) {
    const offset = <usize>load<u32>(segments + ((<usize>s) << 2));
    let p0 = a0 + offset;
    let p1 = a1 + offset;
    let p2 = a2 + offset;
    let p3 = a3 + offset;
    for (let t = count; t > 0; t -= 4) {
      const y0 = v128.load(b0);
      const y1 = v128.load(b1);
      const x0 = v128.load(p0);
      const x1 = v128.load(p1);
      const x2 = v128.load(p2);
      const x3 = v128.load(p3);
      s00 = multiplyAdd(x0, y0, s00);
      s01 = multiplyAdd(x0, y1, s01);
      s10 = multiplyAdd(x1, y0, s10);
      s11 = multiplyAdd(x1, y1, s11);
      s20 = multiplyAdd(x2, y0, s20);
      s21 = multiplyAdd(x2, y1, s21);
      s30 = multiplyAdd(x3, y0, s30);
      s31 = multiplyAdd(x3, y1, s31);
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
      b0 += 16;
      b1 += 16;
    }
  }
  put(rows, 0, column, both, sum(s00), sum(s01));
  put(rows, 1, column, both, sum(s10), sum(s11));
  put(rows, 2, column, both, sum(s20), sum(s21));
  put(rows, 3, column, both, sum(s30), sum(s31));
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function put(rows: usize, row: usize, column: usize, both: bool, one: f32, other: f32): void {
  const c = <usize>load<u32>(rows + row * ROW_ENTRY, 4) + column;
  store<f32>(c, one);
  if (both) store<f32>(c, other, 4);
}
