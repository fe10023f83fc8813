import { leaky } from './bias-and-slope';
import { held } from './clip';
import { multiplyAdd } from './multiply-add';
import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS } from './tile';

/**
 * All rows of a table by all columns of a B whose columns lie in panels of eight, all of them full, where the rows have been
 * brought into tiles by `packRowTiles`.
 *
 *     C[r, n] = clip(leaky(sum_t A[r, t] * B[t, n] * factor[n] + bias[n]))
 *
 * Each sum takes its products in the order of t, as `tile` does. A step of the loop has two places to move, the first of which
 * also tells its end, so that most of its instructions multiply and add.
 *
 * @param rows table of whole tiles, of which the places in C are taken. @param rowCount rows in it.
 * @param packed what the rows hold. @param inner values t.
 * @param factors, bias, slopes [columns]; no address where there are none. @param least, most the limits; NaN stays NaN.
 */
export function packedPanels(
  rows: usize,
  rowCount: i32,
  columns: i32,
  packed: usize,
  inner: i32,
  b: usize,
  bStep: usize,
  panelStep: usize,
  factors: usize,
  bias: usize,
  slopes: usize,
  least: f32,
  most: f32,
): void {
  const tileBytes = (<usize>inner) << 4;
  const low = f32x4.splat(least);
  const high = f32x4.splat(most);
  for (let column = 0; column < columns; column += TILE_COLUMNS, b += panelStep) {
    const at = (<usize>column) << 2;
    let a = packed;
    let table = rows;
    for (let row = 0; row < rowCount; row += TILE_ROWS, table += <usize>TILE_ROWS * ROW_ENTRY) {
      let s00 = f32x4.splat(0);
      let s01 = f32x4.splat(0);
      let s10 = f32x4.splat(0);
      let s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0);
      let s21 = f32x4.splat(0);
      let s30 = f32x4.splat(0);
      let s31 = f32x4.splat(0);
      let p = b;
      for (const end = a + tileBytes; a < end; a += 16, p += bStep) {
        const b0 = v128.load(p);
        const b1 = v128.load(p, 16);
        const x0 = v128.load32_splat(a);
        const x1 = v128.load32_splat(a, 4);
        const x2 = v128.load32_splat(a, 8);
        const x3 = v128.load32_splat(a, 12);
        s00 = multiplyAdd(x0, b0, s00);
        s01 = multiplyAdd(x0, b1, s01);
        s10 = multiplyAdd(x1, b0, s10);
        s11 = multiplyAdd(x1, b1, s11);
        s20 = multiplyAdd(x2, b0, s20);
        s21 = multiplyAdd(x2, b1, s21);
        s30 = multiplyAdd(x3, b0, s30);
        s31 = multiplyAdd(x3, b1, s31);
      }
      const c0 = <usize>load<u32>(table, 4) + at;
      const c1 = <usize>load<u32>(table, 12) + at;
      const c2 = <usize>load<u32>(table, 20) + at;
      const c3 = <usize>load<u32>(table, 28) + at;
      if (factors) {
        const f0 = v128.load(factors + at);
        const f1 = v128.load(factors + at, 16);
        s00 = f32x4.mul(s00, f0);
        s01 = f32x4.mul(s01, f1);
        s10 = f32x4.mul(s10, f0);
        s11 = f32x4.mul(s11, f1);
        s20 = f32x4.mul(s20, f0);
        s21 = f32x4.mul(s21, f1);
        s30 = f32x4.mul(s30, f0);
        s31 = f32x4.mul(s31, f1);
      }
      if (bias) {
        const z0 = v128.load(bias + at);
        const z1 = v128.load(bias + at, 16);
        s00 = f32x4.add(s00, z0);
        s01 = f32x4.add(s01, z1);
        s10 = f32x4.add(s10, z0);
        s11 = f32x4.add(s11, z1);
        s20 = f32x4.add(s20, z0);
        s21 = f32x4.add(s21, z1);
        s30 = f32x4.add(s30, z0);
        s31 = f32x4.add(s31, z1);
      }
      if (slopes) {
        const l0 = v128.load(slopes + at);
        const l1 = v128.load(slopes + at, 16);
        s00 = leaky(s00, l0);
        s01 = leaky(s01, l1);
        s10 = leaky(s10, l0);
        s11 = leaky(s11, l1);
        s20 = leaky(s20, l0);
        s21 = leaky(s21, l1);
        s30 = leaky(s30, l0);
        s31 = leaky(s31, l1);
      }
      v128.store(c0, held(s00, low, high));
      v128.store(c0, held(s01, low, high), 16);
      v128.store(c1, held(s10, low, high));
      v128.store(c1, held(s11, low, high), 16);
      v128.store(c2, held(s20, low, high));
      v128.store(c2, held(s21, low, high), 16);
      v128.store(c3, held(s30, low, high));
      v128.store(c3, held(s31, low, high), 16);
    }
  }
}
