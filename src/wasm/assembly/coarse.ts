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
 * within half a factor. The length of a coarse row is 32767, so that products of two fit 32 bits.
 *
 * @param coarse [count, coarseWidth(dim)] int16. @param factors [count] float32, 0 for rows of no length.
 */
export function coarsen(rows: Address, count: i32, dim: i32, coarse: Address, factors: Address): void {
  for (let row = 0; row < count; row++, factors += 4) {
    const length = Math.sqrt(squareOf(rows, dim));
    const some = length > SHORTEST;
    const scale = <f32>(some ? MOST / length : 0);
    store<f32>(factors, <f32>(some ? length / MOST : 0));
    const scales = f32x4.splat(scale);
    let i = 0;
    for (; i + 8 <= dim; i += 8, rows += 32, coarse += 16) {
      const low = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(rows), scales)));
      const high = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(rows, 16), scales)));
      v128.store(coarse, i16x8.narrow_i32x4_s(low, high));
    }
    if (i == dim) continue;
    v128.store(coarse, i16x8.splat(0));
    for (let to = coarse; i < dim; i++, rows += 4, to += 2) {
      const value = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load32_splat(rows), scales)));
      store<i16>(to, <i16>i16x8.extract_lane_s(i16x8.narrow_i32x4_s(value, value), 0));
    }
    coarse += 16;
  }
}

/**
 * What the product of two coarse rows is wrong by at most, as a share of the product of their lengths: half a unit in each
 * number of one, which the other's add up to sqrt(width) times its length; the same for the other; both; and rounding.
 */
export function coarseError(width: i32): f64 {
  const each = Math.sqrt(<f64>width) / MOST;
  return each + each * each / 4 + 1e-6;
}

/**
 * Products of a block of rows with all queries, [count, padded queries] float32, on coarse numbers.
 *
 * Both lie in panels of eight, filled up: pairs of numbers, [panel][pair][8].
 *
 * @param factors of the queries. @param rowFactors of the rows. @param count rows; they are made up to whole tiles of four.
 */
export function coarseProducts(
  packed: usize,
  factors: usize,
  padded: i32,
  rows: usize,
  rowFactors: usize,
  count: i32,
  width: i32,
  made: usize,
): void {
  const panelBytes = (<usize>width) << 4;
  const stride = (<usize>padded) << 2;
  for (let panel = 0; panel < padded; panel += 8) {
    const f0 = v128.load(factors);
    const f1 = v128.load(factors, 16);
    let to = made + ((<usize>panel) << 2);
    for (let row = 0; row < count; row += 4) {
      // The first or the second half of a panel of rows.
      let a = rows + <usize>(row >> 3) * panelBytes + ((<usize>(row & 4)) << 2);
      const factor = rowFactors + ((<usize>row) << 2);
      let s00 = i32x4.splat(0);
      let s01 = i32x4.splat(0);
      let s10 = i32x4.splat(0);
      let s11 = i32x4.splat(0);
      let s20 = i32x4.splat(0);
      let s21 = i32x4.splat(0);
      let s30 = i32x4.splat(0);
      let s31 = i32x4.splat(0);
      for (let b = packed, end = packed + panelBytes; b < end; b += 32, a += 32) {
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
      storeScaled(to, s00, s01, f0, f1, v128.load32_splat(factor));
      storeScaled(to + stride, s10, s11, f0, f1, v128.load32_splat(factor, 4));
      storeScaled(to + 2 * stride, s20, s21, f0, f1, v128.load32_splat(factor, 8));
      storeScaled(to + 3 * stride, s30, s31, f0, f1, v128.load32_splat(factor, 12));
      to += 4 * stride;
    }
    packed += panelBytes;
    factors += 32;
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function storeScaled(to: usize, s0: v128, s1: v128, f0: v128, f1: v128, factor: v128): void {
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s0), f32x4.mul(f0, factor)));
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s1), f32x4.mul(f1, factor)), 16);
}
