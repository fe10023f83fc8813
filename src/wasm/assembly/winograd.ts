import { Address } from './address';
import { panels } from './panel';
import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS } from './tile';

/*
 * A 3x3 convolution of stride 1 as Winograd's F(2x2, 3x3) (Lavin & Gray, CVPR 2016): four outputs of a tile
 * cost 16 products instead of 36.
 *
 *     Y = A' [ (G g G') * (B' d B) ] A      dg = G' [ (B' d B) * (A dY A') ] G
 *
 * d is a 4x4 tile of the input, Y the 2x2 tile of the output, * the product of the 16 places, each of which is a
 * matrix product over tiles and channels.
 */

// @ts-ignore: a decorator of AssemblyScript
@inline
function plane(to: usize, step: usize, i: i32): usize {
  return to + <usize>i * step;
}

/**
 * B' d B of every tile: 16 planes.
 *
 * @param tileStep, vectorStep bytes between tiles, and between vectors of four channels, in a plane.
 */
export function winogradInput(
  frames: Address,
  imageStep: usize,
  rowStep: usize,
  columnStep: usize,
  tilesHigh: i32,
  tilesWide: i32,
  first: i32,
  count: i32,
  channels: i32,
  to: Address,
  planeStep: usize,
  tileStep: usize,
  vectorStep: usize,
): void {
  const tilesOfImage = tilesHigh * tilesWide;
  for (let t = 0; t < count; t++) {
    const image = (first + t) / tilesOfImage;
    const place = (first + t) % tilesOfImage;
    const corner =
      frames +
      <usize>image * imageStep +
      <usize>(place / tilesWide) * 2 * rowStep +
      <usize>(place % tilesWide) * 2 * columnStep;
    let target = to + <usize>t * tileStep;
    for (let channel = 0; channel < channels; channel += 4) {
      const row0 = corner + ((<usize>channel) << 2);
      for (let j = 0; j < 4; j++) {
        // A column of B' d, then of the result, four rows at a time: what fits the registers.
        const first = row0 + <usize>(j == 0 ? 0 : j == 3 ? 1 : j == 1 ? 1 : 2) * columnStep;
        const other = row0 + <usize>(j == 3 ? 3 : j == 2 ? 1 : 2) * columnStep;
        const sign = f32x4.splat(j == 1 ? 1 : -1);
        const d0 = f32x4.add(v128.load(first), f32x4.mul(sign, v128.load(other)));
        const d1 = f32x4.add(v128.load(first + rowStep), f32x4.mul(sign, v128.load(other + rowStep)));
        const d2 = f32x4.add(v128.load(first + 2 * rowStep), f32x4.mul(sign, v128.load(other + 2 * rowStep)));
        const d3 = f32x4.add(v128.load(first + 3 * rowStep), f32x4.mul(sign, v128.load(other + 3 * rowStep)));
        v128.store(plane(target, planeStep, j), f32x4.sub(d0, d2));
        v128.store(plane(target, planeStep, 4 + j), f32x4.add(d1, d2));
        v128.store(plane(target, planeStep, 8 + j), f32x4.sub(d2, d1));
        v128.store(plane(target, planeStep, 12 + j), f32x4.sub(d1, d3));
      }
      target += vectorStep;
    }
  }
}

/**
 * A' m A of every tile, written to the output; what lies beyond an odd edge is left out.
 *
 * @param from 16 planes of [tiles, channels].
 */
export function winogradOutput(
  from: Address,
  planeStep: usize,
  tilesHigh: i32,
  tilesWide: i32,
  first: i32,
  count: i32,
  channels: i32,
  to: Address,
  height: i32,
  width: i32,
): void {
  const tilesOfImage = tilesHigh * tilesWide;
  const columnStep = (<usize>channels) << 2;
  const rowStep = <usize>width * columnStep;
  for (let t = 0; t < count; t++) {
    const image = (first + t) / tilesOfImage;
    const place = (first + t) % tilesOfImage;
    const y = (place / tilesWide) * 2;
    const x = (place % tilesWide) * 2;
    const target = to + <usize>(image * height + y) * rowStep + <usize>x * columnStep;
    const below = y + 1 < height;
    const beside = x + 1 < width;
    const source = from + <usize>t * columnStep;
    for (let channel = 0; channel < channels; channel += 4) {
      const at = (<usize>channel) << 2;
      let upper0 = f32x4.splat(0);
      let upper1 = f32x4.splat(0);
      let lower0 = f32x4.splat(0);
      let lower1 = f32x4.splat(0);
      for (let j = 0; j < 4; j++) {
        const column = source + at + <usize>j * planeStep;
        const m1 = v128.load(column + 4 * planeStep);
        const m2 = v128.load(column + 8 * planeStep);
        const upper = f32x4.add(f32x4.add(v128.load(column), m1), m2);
        const lower = f32x4.sub(f32x4.sub(m1, m2), v128.load(column + 12 * planeStep));
        if (j < 3) {
          upper0 = f32x4.add(upper0, upper);
          lower0 = f32x4.add(lower0, lower);
        }
        if (j > 0) {
          const sign = f32x4.splat(j == 1 ? 1 : -1);
          upper1 = f32x4.add(upper1, f32x4.mul(sign, upper));
          lower1 = f32x4.add(lower1, f32x4.mul(sign, lower));
        }
      }
      v128.store(target + at, upper0);
      if (beside) v128.store(target + at + columnStep, upper1);
      if (!below) continue;
      v128.store(target + at + rowStep, lower0);
      if (beside) v128.store(target + at + rowStep + columnStep, lower1);
    }
  }
}

/**
 * A dY A' of every tile: 16 planes of panels of eight channels, to[i][panel][tile][8]; what lies beyond an
 * odd edge is zero.
 */
export function winogradOutputGradient(
  dy: Address,
  height: i32,
  width: i32,
  tilesHigh: i32,
  tilesWide: i32,
  first: i32,
  count: i32,
  channels: i32,
  to: Address,
  planeStep: usize,
): void {
  const tilesOfImage = tilesHigh * tilesWide;
  const columnStep = (<usize>channels) << 2;
  const rowStep = <usize>width * columnStep;
  const zero = f32x4.splat(0);
  for (let t = 0; t < count; t++) {
    const image = (first + t) / tilesOfImage;
    const place = (first + t) % tilesOfImage;
    const y = (place / tilesWide) * 2;
    const x = (place % tilesWide) * 2;
    const source = dy + <usize>(image * height + y) * rowStep + <usize>x * columnStep;
    const below = y + 1 < height;
    const beside = x + 1 < width;
    for (let channel = 0; channel < channels; channel += 4) {
      const at = source + ((<usize>channel) << 2);
      const y00 = v128.load(at);
      const y01 = beside ? v128.load(at + columnStep) : zero;
      const y10 = below ? v128.load(at + rowStep) : zero;
      const y11 = below && beside ? v128.load(at + rowStep + columnStep) : zero;
      let target =
        to + (<usize>((channel >> 3) * count + t) << 5) + ((<usize>(channel & 4)) << 2);
      for (let i = 0; i < 4; i++) {
        const left = i == 0 ? y00 : i == 1 ? f32x4.add(y00, y10) : i == 2 ? f32x4.sub(y00, y10) : f32x4.neg(y10);
        const right = i == 0 ? y01 : i == 1 ? f32x4.add(y01, y11) : i == 2 ? f32x4.sub(y01, y11) : f32x4.neg(y11);
        v128.store(target, left);
        v128.store(target + planeStep, f32x4.add(left, right));
        v128.store(target + 2 * planeStep, f32x4.sub(left, right));
        v128.store(target + 3 * planeStep, f32x4.neg(right));
        target += 4 * planeStep;
      }
    }
  }
}

/**
 * G g G' of every pair of channels: to[i][panel][k][8].
 *
 * @param tapRow, tapColumn bytes between taps of the filter, negative where it is flipped.
 * @param kStep, nStep bytes between channels summed over, and output channels. @param columns a multiple of eight.
 */
export function winogradFilter(
  filter: Address,
  tapRow: usize,
  tapColumn: usize,
  inner: i32,
  kStep: usize,
  columns: i32,
  nStep: usize,
  to: Address,
): void {
  const planeStep = (<usize>(inner * columns)) << 2;
  for (let n = 0; n < columns; n++) {
    for (let k = 0; k < inner; k++) {
      const g = filter + <usize>k * kStep + <usize>n * nStep;
      let target = to + ((<usize>(((n >> 3) * inner + k) * TILE_COLUMNS + (n & 7))) << 2);
      for (let i = 0; i < 4; i++) {
        const r0 = combined(g, tapRow, i);
        const r1 = combined(g + tapColumn, tapRow, i);
        const r2 = combined(g + 2 * tapColumn, tapRow, i);
        store<f32>(target, r0);
        store<f32>(target + planeStep, <f32>0.5 * (r0 + r1 + r2));
        store<f32>(target + 2 * planeStep, <f32>0.5 * (r0 - r1 + r2));
        store<f32>(target + 3 * planeStep, r2);
        target += 4 * planeStep;
      }
    }
  }
}

/** Row i of G times three taps. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function combined(g: usize, step: usize, i: i32): f32 {
  const g0 = load<f32>(g);
  const g1 = load<f32>(g + step);
  const g2 = load<f32>(g + 2 * step);
  if (i == 0) return g0;
  if (i == 3) return g2;
  return <f32>0.5 * (i == 1 ? g0 + g1 + g2 : g0 - g1 + g2);
}

/** G' p G of pairs of channels: the gradient [3, 3, size], of 16 planes of `size` values. @param tapStep bytes between its taps. */
export function winogradFilterGradient(planes: Address, size: i32, to: Address, tapStep: usize): void {
  const step = (<usize>size) << 2;
  const half = f32x4.splat(0.5);
  for (let at: usize = 0; at < step; at += 16) {
    for (let j = 0; j < 3; j++) {
      for (let i = 0; i < 3; i++) {
        // Column j of p G, for the planes' rows that row i of G' takes.
        let sum = f32x4.splat(0);
        for (let row = 0; row < 4; row++) {
          if ((i == 0 && row == 3) || (i == 1 && (row == 0 || row == 3)) || (i == 2 && row == 0)) continue;
          const p = planes + <usize>(row * 4) * step + at;
          const p1 = v128.load(p + step);
          const p2 = v128.load(p + 2 * step);
          let value = f32x4.mul(half, j == 1 ? f32x4.sub(p1, p2) : f32x4.add(p1, p2));
          if (j == 0) value = f32x4.add(value, v128.load(p));
          if (j == 2) value = f32x4.add(value, v128.load(p + 3 * step));
          if (row == 1 || row == 2) value = f32x4.mul(half, value);
          sum = i == 1 && row == 2 ? f32x4.sub(sum, value) : f32x4.add(sum, value);
        }
        v128.store(to + <usize>(i * 3 + j) * tapStep + at, sum);
      }
    }
  }
}

/** Bytes of scratch that `winogradProducts` needs. */
export function winogradProductsScratch(rows: i32): i32 {
  return (rows + TILE_ROWS) * <i32>ROW_ENTRY + 16;
}

/**
 * The 16 matrix products: C[i][r][:] (+)= sum_t A[i][r, t] B[i][t, :].
 *
 * @param rowVector, row bytes in a plane of A between every fourth row, and between rows within four.
 */
export function winogradProducts(
  rows: i32,
  inner: i32,
  columns: i32,
  a: Address,
  aPlane: usize,
  rowVector: usize,
  row: usize,
  aStep: usize,
  b: Address,
  c: Address,
  accumulate: bool,
  scratch: Address,
): void {
  const table = scratch + 16;
  const panelStep = <usize>(inner * TILE_COLUMNS) << 2;
  const bPlane = <usize>(inner * columns) << 2;
  const cPlane = <usize>(rows * columns) << 2;
  store<u32>(scratch, 0);
  for (let i = 0; i < 16; i++) {
    for (let r = 0; r < rows; r++) {
      const entry = table + <usize>r * ROW_ENTRY;
      store<u32>(entry, <u32>(a + <usize>(r >> 2) * rowVector + <usize>(r & 3) * row));
      store<u32>(entry, <u32>(c + ((<usize>(r * columns)) << 2)), 4);
    }
    panels(table, rows, columns, scratch, 1, inner, aStep, b, <usize>TILE_COLUMNS << 2, panelStep, accumulate, 0);
    a += aPlane;
    b += bPlane;
    c += cPlane;
  }
}
