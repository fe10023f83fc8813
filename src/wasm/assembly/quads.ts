import { leaky } from './bias-and-slope';
import { held } from './clip';
import { multiplyAdd } from './multiply-add';
import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS } from './tile';

/** So many rows in whole quads of four. */
export function inQuads(rows: i32): i32 {
  return (rows + TILE_ROWS - 1) & -TILE_ROWS;
}

/** Bytes of a quad of rows of so many values: [values / 4][4 rows][4]. */
export function quadBytes(values: i32): i32 {
  return ((values + 3) & -4) << 4;
}

/**
 * Brings what the rows of a table see into quads: all loads of a product are at fixed places from one address then.
 *
 * @param rows table of whole quads. @param count rows in it.
 * @param segments, segmentCount, values, aStep what a row sees, as in `tile`.
 */
export function packQuads(
  rows: usize,
  count: i32,
  segments: usize,
  segmentCount: i32,
  values: i32,
  aStep: usize,
  to: usize,
): void {
  const bytes = <usize>quadBytes(segmentCount * values);
  for (let row = 0; row < count; row++, rows += ROW_ENTRY) {
    const from = <usize>load<u32>(rows);
    let place = to + <usize>(row / TILE_ROWS) * bytes + ((<usize>(row % TILE_ROWS)) << 4);
    // Of a vector, how much has been filled.
    let part: usize = 0;
    for (let s = 0; s < segmentCount; s++) {
      let p = from + <usize>load<u32>(segments + ((<usize>s) << 2));
      let t = values;
      if (aStep == 4 && part == 0) {
        for (; t >= 4; t -= 4, p += 16, place += 64) v128.store(place, v128.load(p));
      }
      for (; t > 0; t--, p += aStep) {
        store<u32>(place + part, load<u32>(p));
        part += 4;
        if (part < 16) continue;
        part = 0;
        place += 64;
      }
    }
  }
}

/**
 * All rows in quads by all columns of a B whose columns lie in panels of eight, all of them full.
 *
 *     C[r, n] = clip(leaky(sum_t A[r, t] * B[t, n] * factor[n] + bias[n]))
 *
 * Each sum takes its products in the order of t, as `tile` does.
 *
 * Engines move all loads of a block of instructions ahead of its arithmetic, and four steps of the loop in one would not fit the
 * registers; so a branch that is never taken ends each, and what counts and compares is shared by four.
 *
 * @param table of whole quads, of which the places in C are taken. @param rowCount rows in it.
 * @param quads what the rows hold, of `packQuads`. @param inner values t. @param panelStep bytes between panels of B.
 * @param c is added to the places in C.
 * @param factors, bias, slopes [columns]; no address where there are none. @param least, most the limits; NaN stays NaN.
 */
export function quadPanels(
  table: usize,
  rowCount: i32,
  columns: i32,
  quads: usize,
  inner: i32,
  b: usize,
  panelStep: usize,
  c: usize,
  factors: usize,
  bias: usize,
  slopes: usize,
  least: f32,
  most: f32,
): void {
  const wholeBytes = (<usize>(inner & -4)) << 4;
  const rest = inner & 3;
  const low = f32x4.splat(least);
  const high = f32x4.splat(most);
  for (let column = 0; column < columns; column += TILE_COLUMNS, b += panelStep) {
    const at = (<usize>column) << 2;
    const to = c + at;
    let quad = quads;
    let places = table;
    for (let row = 0; row < rowCount; row += TILE_ROWS, places += <usize>TILE_ROWS * ROW_ENTRY) {
      let s00 = f32x4.splat(0);
      let s01 = f32x4.splat(0);
      let s10 = f32x4.splat(0);
      let s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0);
      let s21 = f32x4.splat(0);
      let s30 = f32x4.splat(0);
      let s31 = f32x4.splat(0);
      let p = b;
      for (const end = quad + wholeBytes; quad < end; quad += 64, p += 128) {
          {
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
          if (rowCount < 0) break;
          {
            const b0 = v128.load(p, 32);
            const b1 = v128.load(p, 48);
            const x0 = v128.load32_splat(quad, 4);
            const x1 = v128.load32_splat(quad, 20);
            const x2 = v128.load32_splat(quad, 36);
            const x3 = v128.load32_splat(quad, 52);
            s00 = multiplyAdd(x0, b0, s00);
            s01 = multiplyAdd(x0, b1, s01);
            s10 = multiplyAdd(x1, b0, s10);
            s11 = multiplyAdd(x1, b1, s11);
            s20 = multiplyAdd(x2, b0, s20);
            s21 = multiplyAdd(x2, b1, s21);
            s30 = multiplyAdd(x3, b0, s30);
            s31 = multiplyAdd(x3, b1, s31);
          }
          if (rowCount < -1) break;
          {
            const b0 = v128.load(p, 64);
            const b1 = v128.load(p, 80);
            const x0 = v128.load32_splat(quad, 8);
            const x1 = v128.load32_splat(quad, 24);
            const x2 = v128.load32_splat(quad, 40);
            const x3 = v128.load32_splat(quad, 56);
            s00 = multiplyAdd(x0, b0, s00);
            s01 = multiplyAdd(x0, b1, s01);
            s10 = multiplyAdd(x1, b0, s10);
            s11 = multiplyAdd(x1, b1, s11);
            s20 = multiplyAdd(x2, b0, s20);
            s21 = multiplyAdd(x2, b1, s21);
            s30 = multiplyAdd(x3, b0, s30);
            s31 = multiplyAdd(x3, b1, s31);
          }
          if (rowCount < -2) break;
          {
            const b0 = v128.load(p, 96);
            const b1 = v128.load(p, 112);
            const x0 = v128.load32_splat(quad, 12);
            const x1 = v128.load32_splat(quad, 28);
            const x2 = v128.load32_splat(quad, 44);
            const x3 = v128.load32_splat(quad, 60);
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
      if (rest != 0) {
        for (let t = rest; t > 0; t--, quad += 4, p += 32) {
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
        quad += 64 - ((<usize>rest) << 2);
      }
      const c0 = <usize>load<u32>(places, 4) + to;
      const c1 = <usize>load<u32>(places, 12) + to;
      const c2 = <usize>load<u32>(places, 20) + to;
      const c3 = <usize>load<u32>(places, 28) + to;
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
