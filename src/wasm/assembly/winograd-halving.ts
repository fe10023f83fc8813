import { Address } from './address';
import { inQuads } from './quads';
import { TILE_COLUMNS } from './tile';
import { apart, rowsInOrder, tileProduct } from './winograd';
import { ninePoints, nineTaps } from './winograd-points';

/*
 * A 3x3 convolution of stride 2 in Winograd's form, 4x4 outputs at a time. Along each axis the outer taps of a filter see the even
 * values alone, two taps that move by one of them: F(4, 2), five products; the tap in the middle sees the odd ones: four. The nine
 * go into five sums, of which all but the last, that of infinity, take one of each kind. Of both axes there are 25 sums
 * of 81 products, instead of 144 products.
 *
 * Sum (q, r), q and r from 0 to 4, is a matrix product over so many times the channels: 2 where q < 4, times 2 where r < 4.
 */

/** Channels that the sums before (q, r) are over, as multiples of them. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function before(q: i32, r: i32): usize {
  return <usize>(q * 18 + r * (q < 4 ? 4 : 2));
}

/** Bytes between the planes of the first factors of two sums, so that they do not fight for the same lines of the cache. */
const APART: usize = 64;

/**
 * B' d B of every tile: the first factors of the 25 sums, in quads of tiles; `rows` is the number of tiles in whole quads.
 *
 * @param frames of 9x9 tiles, eight apart.
 */
export function halvingInput(
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
  scratch: Address,
): void {
  const tilesOfImage = tilesHigh * tilesWide;
  const quadBytes = (<usize>channels) << 4;
  const unit = (<usize>(inQuads(count) * channels)) << 2;
  for (let t = 0; t < count; t++) {
    const image = (first + t) / tilesOfImage;
    const place = (first + t) % tilesOfImage;
    let corner =
      frames +
      <usize>image * imageStep +
      <usize>(place / tilesWide) * 8 * rowStep +
      <usize>(place % tilesWide) * 8 * columnStep;
    const quad = <usize>(t >> 2) * quadBytes;
    let target = to + ((<usize>(t & 3)) << 4);
    for (let channel = 0; channel < channels; channel += 4, corner += 16, target += 64) {
      for (let j: usize = 0; j < 9; j++) {
        const at = scratch + j * 16;
        ninePoints(corner + j * columnStep, rowStep, at, 144, 5 * 144, at + 4 * 144);
      }
      for (let s = 0; s < 9; s++) {
        const q = s < 5 ? s : s - 5;
        const part: usize = s < 5 ? 0 : 1;
        const share: usize = q < 4 ? 2 : 1;
        const step = ((share * unit) << 1) + APART;
        const row = target + unit * before(q, 0) + <usize>q * 5 * APART;
        ninePoints(
          scratch + <usize>s * 144,
          16,
          row + 2 * (share * quad + part * quadBytes),
          step,
          quadBytes,
          row + 4 * step + share * quad + part * quadBytes,
        );
      }
    }
  }
}

/**
 * G g G' of every pair of channels: the second factors of the 25 sums, in panels of eight columns. As `winogradFilter`.
 *
 * @param first, end which of the columns are brought over, whole panels.
 */
export function halvingFilter(
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
  const unit = (<usize>(inner * columns)) << 2;
  const panelBytes = (<usize>(inner * TILE_COLUMNS)) << 2;
  for (let n = first; n < end; n += 4) {
    const panel = <usize>(n >> 3) * panelBytes;
    let target = to + ((<usize>(n & 4)) << 2);
    for (let k = 0; k < inner; k++, target += (<usize>TILE_COLUMNS) << 2) {
      for (let l: usize = 0; l < 3; l++) {
        const g = filter + <usize>k * kStep + <usize>n * nStep + l * tapColumn;
        const at = scratch + l * 16;
        const g1 = apart(g + tapRow, nStep);
        nineTaps(apart(g, nStep), g1, apart(g + 2 * tapRow, nStep), at, 48, 5 * 48, at + 4 * 48);
      }
      for (let s = 0; s < 9; s++) {
        const q = s < 5 ? s : s - 5;
        const part: usize = s < 5 ? 0 : 1;
        const share: usize = q < 4 ? 2 : 1;
        const step = ((share * unit) << 1);
        const row = target + unit * before(q, 0);
        const taps = scratch + <usize>s * 48;
        nineTaps(
          v128.load(taps),
          v128.load(taps, 16),
          v128.load(taps, 32),
          row + 2 * (share * panel + part * panelBytes),
          step,
          panelBytes,
          row + 4 * step + share * panel + part * panelBytes,
        );
      }
    }
  }
}

/** The 25 sums: C[i][tile, :] = sum_k A[i][tile, k] B[i][k, :]. @param rows tiles in whole quads. */
export function halvingProducts(
  rows: i32,
  channels: i32,
  columns: i32,
  a: Address,
  b: Address,
  c: Address,
  cPlane: usize,
  scratch: Address,
): void {
  rowsInOrder(scratch, rows, columns);
  for (let q = 0; q < 5; q++) {
    for (let r = 0; r < 5; r++) {
      const inner = (q < 4 ? 2 : 1) * (r < 4 ? 2 : 1) * channels;
      tileProduct(scratch, rows, inner, columns, a, b, c);
      a += ((<usize>(rows * inner)) << 2) + APART;
      b += (<usize>(inner * columns)) << 2;
      c += cPlane;
    }
  }
}
