import { Address } from './address';
import { squareOf } from './squares';

/** The most that a coarse number is. */
const MOST: f64 = 32767;

/** Shorter rows are taken for zeros: the inverse of their length is no float32. */
const SHORTEST: f64 = 1e-34;

/** Numbers of a coarse row: whole vectors, the last filled up with zeros. */
export function coarseWidth(dim: i32): i32 {
  return (dim + 7) & ~7;
}

/**
 * Rows as whole numbers of 16 bits, whose products the processor adds in pairs: row ~ factor * coarse row, each number
 * within half a factor. A coarse row is at most 32767 long, so that products of two are at most 2^30.
 *
 * @param group rows one after the other that share a factor, by the longest of them that is a number.
 * @param least the least length that a factor goes by.
 * @param coarse [count, coarseWidth(dim)] int16. @param factors [count / group, rounded up] float64, 0 where there is no length.
 */
export function coarsen(
  rows: Address,
  count: i32,
  dim: i32,
  group: i32,
  least: f64,
  coarse: Address,
  factors: Address,
): void {
  const rowBytes = (<usize>dim) << 2;
  for (let first = 0; first < count; first += group, factors += 8) {
    const some = min(group, count - first);
    let length = least;
    for (let row = 0; row < some; row++) {
      const other = Math.sqrt(squareOf(rows + <usize>row * rowBytes, dim));
      if (other > length && other <= <f64>f32.MAX_VALUE) length = other;
    }
    const usable = length > SHORTEST && length <= <f64>f32.MAX_VALUE;
    store<f64>(factors, usable ? length / MOST : 0);
    const scale = <f32>(usable ? MOST / length : 0);
    for (let row = 0; row < some; row++) {
      scaled(rows, dim, scale, coarse);
      rows += rowBytes;
      coarse += (<usize>coarseWidth(dim)) << 1;
    }
  }
}

/** A row times a factor, rounded to whole numbers of 16 bits and filled up with zeros. */
function scaled(row: usize, dim: i32, scale: f32, coarse: usize): void {
  const scales = f32x4.splat(scale);
  let i = 0;
  for (; i + 8 <= dim; i += 8, row += 32, coarse += 16) {
    const low = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(row), scales)));
    const high = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(row, 16), scales)));
    v128.store(coarse, i16x8.narrow_i32x4_s(low, high));
  }
  if (i == dim) return;
  v128.store(coarse, i16x8.splat(0));
  for (; i < dim; i++, row += 4, coarse += 2) {
    const value = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load32_splat(row), scales)));
    store<i16>(coarse, <i16>i16x8.extract_lane_s(i16x8.narrow_i32x4_s(value, value), 0));
  }
}

/**
 * What `coarseNearness` is wrong by at most, in its units. A product of coarse rows: half a unit in each number of one, which
 * the other's add up to sqrt(width) times its length; the same for the other; both; and float32's rounding of the halves.
 */
export function coarseError(width: i32): f64 {
  const each = Math.sqrt(<f64>width);
  return each * MOST + (each * each) / 4 + 1e-6 * MOST * MOST;
}

/**
 * How near rows are to a panel of eight queries, in whole numbers: products of coarse numbers, less half the rows' squares.
 *
 * Both lie in panels of eight, filled up: pairs of numbers, [panel][pair][8].
 *
 * @param rows the first panel of rows. @param halves of these. @param count rows, whole tiles of four.
 * @param inverse 1 / the product of both factors, in which halves are measured.
 * @param made [count][8] int32.
 * @param best [8] int32, the most of each query so far, and [8], the row it belongs to; `first` is the number of the first row.
 */
export function coarseNearness(
  queries: usize,
  rows: usize,
  halves: usize,
  count: i32,
  width: i32,
  inverse: f32,
  made: usize,
  best: usize,
  first: i32,
): void {
  const panelBytes = (<usize>width) << 4;
  const units = f32x4.splat(-inverse);
  for (let row = 0; row < count; row += 4, made += 128) {
    // The first or the second half of a panel of rows.
    let a = rows + <usize>(row >> 3) * panelBytes + ((<usize>(row & 4)) << 2);
    const less = i32x4.trunc_sat_f32x4_s(f32x4.mul(v128.load(halves + ((<usize>row) << 2)), units));
    let s00 = v128.shuffle<i32>(less, less, 0, 0, 0, 0);
    let s10 = v128.shuffle<i32>(less, less, 1, 1, 1, 1);
    let s20 = v128.shuffle<i32>(less, less, 2, 2, 2, 2);
    let s30 = v128.shuffle<i32>(less, less, 3, 3, 3, 3);
    let s01 = s00;
    let s11 = s10;
    let s21 = s20;
    let s31 = s30;
    for (let b = queries, end = queries + panelBytes; b < end; b += 32, a += 32) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const x0 = v128.load32_splat(a);
      const x1 = v128.load32_splat(a, 4);
      const x2 = v128.load32_splat(a, 8);
      const x3 = v128.load32_splat(a, 12);
      s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, b0));
      s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x0, b1));
      s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x1, b0));
      s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, b1));
      s20 = i32x4.add(s20, i32x4.dot_i16x8_s(x2, b0));
      s21 = i32x4.add(s21, i32x4.dot_i16x8_s(x2, b1));
      s30 = i32x4.add(s30, i32x4.dot_i16x8_s(x3, b0));
      s31 = i32x4.add(s31, i32x4.dot_i16x8_s(x3, b1));
    }
    v128.store(made, s00);
    v128.store(made, s01, 16);
    v128.store(made, s10, 32);
    v128.store(made, s11, 48);
    v128.store(made, s20, 64);
    v128.store(made, s21, 80);
    v128.store(made, s30, 96);
    v128.store(made, s31, 112);
    const most0 = i32x4.max_s(i32x4.max_s(s00, s10), i32x4.max_s(s20, s30));
    const most1 = i32x4.max_s(i32x4.max_s(s01, s11), i32x4.max_s(s21, s31));
    const more0 = i32x4.gt_s(most0, v128.load(best));
    const more1 = i32x4.gt_s(most1, v128.load(best, 16));
    if (v128.any_true(v128.or(more0, more1))) noteBest(made, best, first + row);
  }
}

/** Of four rows those that are nearer to a query than all before. */
function noteBest(made: usize, best: usize, first: i32): void {
  for (let lane: usize = 0; lane < 32; lane += 4) {
    for (let row = 0; row < 4; row++) {
      const value = load<i32>(made + ((<usize>row) << 5) + lane);
      if (value <= load<i32>(best + lane)) continue;
      store<i32>(best + lane, value);
      store<i32>(best + lane, first + row, 32);
    }
  }
}
