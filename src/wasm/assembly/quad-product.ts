import { Address } from './address';
import { multiplyAdd } from './multiply-add';
import { TILE_COLUMNS } from './tile';

/** Rows of a quad. */
export const QUAD: i32 = 4;

/** So many rows in whole quads. */
export function inQuads(rows: i32): i32 {
  return (rows + QUAD - 1) & -QUAD;
}

/**
 * A matrix product whose first factor lies in quads of rows, a[row / 4][k / 4][row % 4][k % 4], the second in panels of eight columns:
 *
 *     C[row, n] = sum_k A[row, k] B[k, n]
 *
 * All that a step of its loop reads is at fixed places from two addresses, so that most of its instructions multiply and add.
 *
 * @param rows, inner multiples of four. @param columns a multiple of eight. @param c [rows, columns].
 */
export function quadProduct(
  rows: i32,
  inner: i32,
  columns: i32,
  a: Address,
  b: Address,
  c: Address,
): void {
  const quadBytes = (<usize>inner) << 4;
  const rowBytes = (<usize>columns) << 2;
  for (let column = 0; column < columns; column += TILE_COLUMNS) {
    let quad = a;
    let to = c + ((<usize>column) << 2);
    for (let row = 0; row < rows; row += QUAD) {
      let s00 = f32x4.splat(0);
      let s01 = f32x4.splat(0);
      let s10 = f32x4.splat(0);
      let s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0);
      let s21 = f32x4.splat(0);
      let s30 = f32x4.splat(0);
      let s31 = f32x4.splat(0);
      let p = b;
      for (const end = quad + quadBytes; quad < end; quad += 48) {
        for (const stop = quad + 16; quad < stop; quad += 4, p += 32) {
          const b0 = v128.load(p);
          const b1 = v128.load(p, 16);
          const x0 = v128.load32_splat(quad);
          const x1 = v128.load32_splat(quad, 16);
          const x2 = v128.load32_splat(quad, 32);
          const x3 = v128.load32_splat(quad, 48);
          s00 = multiplyAdd(x0, b0, s00);
          s01 = multiplyAdd(x0, b1, s01);
          s10 = multiplyAdd(x1, b0, s10);
          s11 = multiplyAdd(x1, b1, s11);
          s20 = multiplyAdd(x2, b0, s20);
          s21 = multiplyAdd(x2, b1, s21);
          s30 = multiplyAdd(x3, b0, s30);
          s31 = multiplyAdd(x3, b1, s31);
        }
      }
      v128.store(to, s00);
      v128.store(to, s01, 16);
      to += rowBytes;
      v128.store(to, s10);
      v128.store(to, s11, 16);
      to += rowBytes;
      v128.store(to, s20);
      v128.store(to, s21, 16);
      to += rowBytes;
      v128.store(to, s30);
      v128.store(to, s31, 16);
      to += rowBytes;
    }
    b += (<usize>inner) << 5;
  }
}
