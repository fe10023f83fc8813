import { Address } from './address';
import { panels } from './panel';
import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS } from './tile';
import { sixOfOutputs, tapsOfSix } from './winograd-points';

/*
 * The gradient by the filter of a 3x3 convolution of stride 1, in Winograd's form F(4x4, 3x3), all tiles summed:
 *
 *     dg = G' [ (B' d B) * (A dY A') ] G
 */

/**
 * A dY A' of every tile: 36 planes of panels of eight channels, to[i][panel][tile][8]; what lies beyond an edge is zero.
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
  scratch: Address,
): void {
  const tilesOfImage = tilesHigh * tilesWide;
  const columnStep = (<usize>channels) << 2;
  const rowStep = <usize>width * columnStep;
  const zero = f32x4.splat(0);
  for (let t = 0; t < count; t++) {
    const image = (first + t) / tilesOfImage;
    const place = (first + t) % tilesOfImage;
    const y = (place / tilesWide) * 4;
    const x = (place % tilesWide) * 4;
    const source = dy + <usize>(image * height + y) * rowStep + <usize>x * columnStep;
    const high = height - y;
    const wide = width - x;
    for (let channel = 0; channel < channels; channel += 4) {
      for (let j = 0; j < 4; j++) {
        const at = source + <usize>j * columnStep + ((<usize>channel) << 2);
        const y0 = j < wide ? v128.load(at) : zero;
        const y1 = j < wide && 1 < high ? v128.load(at + rowStep) : zero;
        const y2 = j < wide && 2 < high ? v128.load(at + 2 * rowStep) : zero;
        const y3 = j < wide && 3 < high ? v128.load(at + 3 * rowStep) : zero;
        sixOfOutputs(y0, y1, y2, y3, scratch + ((<usize>j) << 4), 64);
      }
      const target =
        to + (<usize>((channel >> 3) * count + t) << 5) + ((<usize>(channel & 4)) << 2);
      for (let i: usize = 0; i < 6; i++) {
        const row = scratch + i * 64;
        const y1 = v128.load(row, 16);
        const y2 = v128.load(row, 32);
        sixOfOutputs(v128.load(row), y1, y2, v128.load(row, 48), target + i * 6 * planeStep, planeStep);
      }
    }
  }
}

/** G' p G of pairs of channels: of 36 planes `size` values, to 9 taps of the gradient. @param planeStep, tapStep bytes between them. */
export function winogradFilterGradient(
  planes: Address,
  planeStep: usize,
  size: i32,
  to: Address,
  tapStep: usize,
  scratch: Address,
): void {
  const end = (<usize>size) << 2;
  for (let at: usize = 0; at < end; at += 16) {
    for (let j: usize = 0; j < 6; j++) {
      tapsOfSix(planes + j * planeStep + at, 6 * planeStep, scratch + j * 16, 96);
    }
    for (let i: usize = 0; i < 3; i++) {
      tapsOfSix(scratch + i * 96, 16, to + i * 3 * tapStep + at, tapStep);
    }
  }
}

/** Bytes of scratch that `winogradSums` needs. */
export function winogradSumsScratch(rows: i32): i32 {
  return (rows + TILE_ROWS) * <i32>ROW_ENTRY + 16;
}

/**
 * The 36 matrix products: C[i][k, :] (+)= sum over tiles of A[i][k / 4][tile][k % 4] B[i][panel][tile][8].
 *
 * @param rows channels k, a multiple of four. @param tiles of each plane.
 */
export function winogradSums(
  rows: i32,
  tiles: i32,
  columns: i32,
  a: Address,
  aPlane: usize,
  b: Address,
  bPlane: usize,
  c: Address,
  accumulate: bool,
  scratch: Address,
): void {
  const table = scratch + 16;
  const panelStep = <usize>(tiles * TILE_COLUMNS) << 2;
  const cPlane = <usize>(rows * columns) << 2;
  const vectorStep = (<usize>tiles) << 4;
  store<u32>(scratch, 0);
  for (let i = 0; i < 36; i++) {
    for (let r = 0; r < rows; r++) {
      const entry = table + <usize>r * ROW_ENTRY;
      store<u32>(entry, <u32>(a + <usize>(r >> 2) * vectorStep + ((<usize>(r & 3)) << 2)));
      store<u32>(entry, <u32>(c + ((<usize>(r * columns)) << 2)), 4);
    }
    panels(table, rows, columns, scratch, 1, tiles, 16, b, <usize>TILE_COLUMNS << 2, panelStep, accumulate, 0);
    a += aPlane;
    b += bPlane;
    c += cPlane;
  }
}
