import { Address } from './address';
import { leaky } from './bias-and-slope';
import { held } from './clip';
import { quadPanels } from './quads';
import { ROW_ENTRY, TILE_COLUMNS } from './tile';
import { fourOutputs, sixPoints, sixTaps } from './winograd-points';

/*
 * A 3x3 convolution of stride 1 as Winograd's F(4x4, 3x3) (Lavin & Gray, CVPR 2016): the sixteen outputs of a tile cost 36 products
 * instead of 144.
 *
 *     Y = A' [ (G g G') * (B' d B) ] A
 *
 * d is a 6x6 tile of the input, Y the 4x4 tile of the output, * the product of the 36 places, each of which is a
 * matrix product over tiles and channels.
 */

/** Bytes of scratch that each of these functions needs: a tile of four channels in work, or a table of so many tiles. */
export function winogradScratch(tiles: i32): i32 {
  return max(9 * 9 * 16, tiles * <i32>ROW_ENTRY);
}

/** Four values that are so many bytes apart. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function apart(from: usize, step: usize): v128 {
  if (step == 4) return v128.load(from);
  let v = v128.load32_splat(from);
  v = v128.load_lane<f32>(from + step, v, 1);
  v = v128.load_lane<f32>(from + 2 * step, v, 2);
  return v128.load_lane<f32>(from + 3 * step, v, 3);
}

/**
 * B' d B of every tile: 36 planes, in quads of tiles.
 *
 * @param quadStep, vectorStep bytes between quads of tiles, and between vectors of four channels, in a plane; tiles of a quad are 16 apart.
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
  quadStep: usize,
  vectorStep: usize,
  scratch: Address,
): void {
  const tilesOfImage = tilesHigh * tilesWide;
  for (let t = 0; t < count; t++) {
    const image = (first + t) / tilesOfImage;
    const place = (first + t) % tilesOfImage;
    let corner =
      frames +
      <usize>image * imageStep +
      <usize>(place / tilesWide) * 4 * rowStep +
      <usize>(place % tilesWide) * 4 * columnStep;
    let target = to + <usize>(t >> 2) * quadStep + ((<usize>(t & 3)) << 4);
    for (let channel = 0; channel < channels; channel += 4, corner += 16, target += vectorStep) {
      for (let j: usize = 0; j < 6; j++) {
        sixPoints(corner + j * columnStep, rowStep, scratch + j * 16, 96);
      }
      for (let i: usize = 0; i < 6; i++) {
        sixPoints(scratch + i * 96, 16, target + i * 6 * planeStep, planeStep);
      }
    }
  }
}

/**
 * G g G' of every pair of channels: 36 planes to[panel][k][8].
 *
 * @param tapRow, tapColumn bytes between taps of the filter, negative where it is flipped.
 * @param kStep, nStep bytes between channels summed over, and output channels. @param columns a multiple of eight.
 * @param first, end which of the columns are brought over, whole panels.
 */
export function winogradFilter(
  filter: Address,
  tapRow: usize,
  tapColumn: usize,
  inner: i32,
  kStep: usize,
  columns: i32,
  nStep: usize,
  first: i32,
  end: i32,
  to: Address,
  scratch: Address,
): void {
  const planeStep = (<usize>(inner * columns)) << 2;
  for (let n = first; n < end; n += 4) {
    let target = to + ((<usize>((n >> 3) * inner * TILE_COLUMNS + (n & 4))) << 2);
    for (let k = 0; k < inner; k++, target += (<usize>TILE_COLUMNS) << 2) {
      for (let l: usize = 0; l < 3; l++) {
        const g = filter + <usize>k * kStep + <usize>n * nStep + l * tapColumn;
        const g1 = apart(g + tapRow, nStep);
        sixTaps(apart(g, nStep), g1, apart(g + 2 * tapRow, nStep), scratch + l * 16, 48);
      }
      for (let i: usize = 0; i < 6; i++) {
        const row = scratch + i * 48;
        const g1 = v128.load(row, 16);
        sixTaps(v128.load(row), g1, v128.load(row, 32), target + i * 6 * planeStep, planeStep);
      }
    }
  }
}

/** Where a product puts its rows, one after the other. */
export function rowsInOrder(table: usize, rows: i32, columns: i32): void {
  const rowBytes = (<usize>columns) << 2;
  for (let r: usize = 0; r < <usize>rows; r++) {
    store<u32>(table + r * ROW_ENTRY, <u32>(r * rowBytes), 4);
  }
}

/** The product of tiles in quads with panels of a filter: C[tile, :] = sum_k A[tile, k] B[k, :]. @param table of `rowsInOrder`. */
export function tileProduct(
  table: usize,
  rows: i32,
  inner: i32,
  columns: i32,
  a: usize,
  b: usize,
  c: usize,
): void {
  const most = <f32>Infinity;
  const panelBytes = (<usize>(inner * TILE_COLUMNS)) << 2;
  quadPanels(table, rows, columns, a, inner, b, panelBytes, c, 0, 0, 0, -most, most);
}

/** The 36 matrix products, of tiles in quads: C[i][tile, :] = sum_k A[i][tile, k] B[i][k, :]. */
export function winogradProducts(
  rows: i32,
  inner: i32,
  columns: i32,
  a: Address,
  aPlane: usize,
  b: Address,
  c: Address,
  cPlane: usize,
  scratch: Address,
): void {
  rowsInOrder(scratch, rows, columns);
  for (let i = 0; i < 36; i++) {
    tileProduct(scratch, rows, inner, columns, a, b, c);
    a += aPlane;
    b += (<usize>(inner * columns)) << 2;
    c += cPlane;
  }
}

/**
 * A' m A of every tile, then clip(leaky(y * factor + bias)), written to the output; what lies beyond an edge is left out.
 *
 * @param from planes of [tiles, channels]: 36, or 25 without the point 0. @param zero whether it is among them.
 * @param factors, biases, slopes addresses of a value per channel, or none. @param least, most the limits; NaN stays NaN.
 */
export function winogradOutput(
  from: Address,
  planeStep: usize,
  zero: bool,
  tilesHigh: i32,
  tilesWide: i32,
  first: i32,
  count: i32,
  channels: i32,
  to: Address,
  height: i32,
  width: i32,
  factors: Address,
  biases: Address,
  slopes: Address,
  least: f32,
  most: f32,
  scratch: Address,
): void {
  const tilesOfImage = tilesHigh * tilesWide;
  const side: usize = zero ? 6 : 5;
  const lowest = f32x4.splat(least);
  const highest = f32x4.splat(most);
  const columnStep = (<usize>channels) << 2;
  const rowStep = <usize>width * columnStep;
  for (let t = 0; t < count; t++) {
    const image = (first + t) / tilesOfImage;
    const place = (first + t) % tilesOfImage;
    const y = (place / tilesWide) * 4;
    const x = (place % tilesWide) * 4;
    const target = to + <usize>(image * height + y) * rowStep + <usize>x * columnStep;
    const high = min(4, height - y);
    const wide = min(4, width - x);
    for (let at: usize = 0; at < columnStep; at += 16) {
      const source = from + <usize>t * columnStep + at;
      for (let j: usize = 0; j < side; j++) {
        fourOutputs(source + j * planeStep, side * planeStep, zero, scratch + j * 16, 96);
      }
      const factor = factors ? v128.load(factors + at) : f32x4.splat(1);
      const bias = biases ? v128.load(biases + at) : f32x4.splat(0);
      const slope = slopes ? v128.load(slopes + at) : f32x4.splat(1);
      for (let i = 0; i < high; i++) {
        const row = scratch + <usize>i * 96;
        fourOutputs(row, 16, zero, row, 16);
        let place = target + <usize>i * rowStep + at;
        for (let j = 0; j < wide; j++, place += columnStep) {
          const v = f32x4.add(f32x4.mul(v128.load(row + (<usize>j << 4)), factor), bias);
          v128.store(place, held(leaky(v, slope), lowest, highest));
        }
      }
    }
  }
}
