import { multiplyAdd } from './multiply-add';

/** Rows and columns of the tile that stays in registers. */
export const TILE_ROWS: i32 = 4;
export const TILE_COLUMNS: i32 = 8;

/** Bytes of an entry of a row table: where a row of A begins, and where its row of C does. */
export const ROW_ENTRY: usize = 8;

/**
 * A tile of a matrix product, four rows by eight columns: what a convolution and both of its gradients
 * are made of.
 *
 *     C[r, 0..8) (+)= sum_s sum_t A[r, s, t] * B[s, t, 0..8)
 *
 * Engines move all loads of a loop's body before its arithmetic, so accumulators, columns and rows have to
 * fit the sixteen registers together: 8 + 2 + 4. Larger tiles and loops unrolled by hand spill.
 *
 * @param rows table of four pairs (address of A[r], address of C[r]).
 * @param column bytes to add to the addresses of C.
 * @param segments table of the offsets in bytes, within a row of A, of its segments s.
 * @param count values t in a segment. @param aStep bytes between two of them in A.
 * @param b address of B. @param bStep bytes between two rows of B, across segments too.
 * @param accumulate whether the sum is added to what C holds.
 */
export function tile(
  rows: usize,
  column: usize,
  segments: usize,
  segmentCount: i32,
  count: i32,
  aStep: usize,
  b: usize,
  bStep: usize,
  accumulate: bool,
): void {
  const a0 = <usize>load<u32>(rows, 0);
  const a1 = <usize>load<u32>(rows, 8);
  const a2 = <usize>load<u32>(rows, 16);
  const a3 = <usize>load<u32>(rows, 24);
  const c0 = <usize>load<u32>(rows, 4) + column;
  const c1 = <usize>load<u32>(rows, 12) + column;
  const c2 = <usize>load<u32>(rows, 20) + column;
  const c3 = <usize>load<u32>(rows, 28) + column;
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
    for (let t = count; t > 0; t--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const x0 = v128.load32_splat(p0);
      const x1 = v128.load32_splat(p1);
      const x2 = v128.load32_splat(p2);
      const x3 = v128.load32_splat(p3);
      s00 = multiplyAdd(x0, b0, s00);
      s01 = multiplyAdd(x0, b1, s01);
      s10 = multiplyAdd(x1, b0, s10);
      s11 = multiplyAdd(x1, b1, s11);
      s20 = multiplyAdd(x2, b0, s20);
      s21 = multiplyAdd(x2, b1, s21);
      s30 = multiplyAdd(x3, b0, s30);
      s31 = multiplyAdd(x3, b1, s31);
      p0 += aStep;
      p1 += aStep;
      p2 += aStep;
      p3 += aStep;
      b += bStep;
    }
  }
  if (accumulate) {
    // All are read before any is written: a row that fills up the table may stand in it twice.
    s00 = f32x4.add(s00, v128.load(c0));
    s01 = f32x4.add(s01, v128.load(c0, 16));
    s10 = f32x4.add(s10, v128.load(c1));
    s11 = f32x4.add(s11, v128.load(c1, 16));
    s20 = f32x4.add(s20, v128.load(c2));
    s21 = f32x4.add(s21, v128.load(c2, 16));
    s30 = f32x4.add(s30, v128.load(c3));
    s31 = f32x4.add(s31, v128.load(c3, 16));
  }
  v128.store(c0, s00);
  v128.store(c0, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}
