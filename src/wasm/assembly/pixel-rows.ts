/*
 * Batch normalisation with leaky ReLU over pixels [pixels, channels], as `SaladNormalizeActivate` says.
 * As many pixels as make up whole groups of sixteen values are one row, so that every channel count is
 * computed on vectors; the pixels that fill no row come last, one value at a time.
 */

/** Values that are computed together: rows hold a multiple of it. */
const GROUP: i32 = 16;

/** Values of a block, which stays in the first-level cache, and rows that it has at least. */
const BLOCK: i32 = 4096;
const BLOCK_ROWS: i32 = 32;

/** Pixels in a row. */
export function pixelsOfRow(channels: i32): i32 {
  let pixels = GROUP;
  for (; pixels > 1 && (channels * (pixels >> 1)) % GROUP == 0; pixels >>= 1);
  return pixels;
}

/** Bytes of the sums of one set of pixels: two in float64 a channel. */
export function normalizeStateScratch(channels: i32): i32 {
  return channels * 16;
}

/** Bytes of scratch for the sums of a set of pixels: three tables of a row. */
export function normalizeSumsScratch(channels: i32): i32 {
  return channels * pixelsOfRow(channels) * 12;
}

/** Bytes of what pixels are computed by: four tables of a row. */
export function normalizeTablesScratch(channels: i32): i32 {
  return channels * pixelsOfRow(channels) * 16;
}

/** Rows of a block. */
export function blockRowsOf(row: i32): i32 {
  return max(BLOCK_ROWS, BLOCK / row);
}

/** Pixels of a block: sets of pixels are multiples of it, but the last one. */
export function normalizeBlock(channels: i32): i32 {
  const perRow = pixelsOfRow(channels);
  return perRow * blockRowsOf(channels * perRow);
}

/** Repeats the first `channels` values of a table until they fill its row. */
export function repeat(table: usize, channels: i32, row: i32): void {
  for (let i = channels; i < row; i += channels) {
    memory.copy(table + ((<usize>i) << 2), table, (<usize>channels) << 2);
  }
}
