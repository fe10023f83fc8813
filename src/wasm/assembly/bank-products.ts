import { fillUp } from './panel';
import { packQuads, quadBytes, quadPanels } from './quads';
import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS } from './tile';

/** Bank rows whose cosines to all queries are made at a time: what the first-level cache holds of them. */
export const BLOCK_ROWS: i32 = 64;

/** Queries, filled up to whole panels. */
export function paddedQueries(batch: i32): i32 {
  return ((batch + TILE_COLUMNS - 1) / TILE_COLUMNS) * TILE_COLUMNS;
}

/** Bytes of scratch for `products`: a table of rows, one of segments, the cosines, and the rows in quads. */
export function productsScratch(batch: i32, dim: i32): usize {
  const table = 16 + <usize>(BLOCK_ROWS + TILE_ROWS) * ROW_ENTRY;
  return table + cosineBytes(batch) + <usize>((BLOCK_ROWS / TILE_ROWS) * quadBytes(dim));
}

/** Bytes from the cosines of a row to those of the next one: no multiple of what makes them fight for the same lines of the cache. */
export function cosineStride(batch: i32): usize {
  const bytes = (<usize>paddedQueries(batch)) << 2;
  return bytes % 256 == 0 ? bytes + 64 : bytes;
}

function cosineBytes(batch: i32): usize {
  return <usize>(BLOCK_ROWS + TILE_ROWS) * cosineStride(batch);
}

/**
 * Cosines of a block of bank rows to all queries, [count, padded queries], rows `cosineStride` apart.
 *
 * @param packed queries in panels of eight, the last filled up with zeros. @param row address of the
 * first row. @param count rows, at most BLOCK_ROWS. @param scratch `productsScratch` bytes.
 * @returns the address of the cosines.
 */
export function products(
  packed: usize,
  batch: i32,
  row: usize,
  count: i32,
  dim: i32,
  scratch: usize,
): usize {
  const padded = paddedQueries(batch);
  const segments = scratch;
  store<u32>(segments, 0);
  const table = scratch + 16;
  const cosines = table + <usize>(BLOCK_ROWS + TILE_ROWS) * ROW_ENTRY;
  const rowBytes = (<usize>dim) << 2;
  const stride = cosineStride(batch);
  for (let r = 0; r < count; r++) {
    const entry = table + <usize>r * ROW_ENTRY;
    store<u32>(entry, <u32>(row + <usize>r * rowBytes));
    store<u32>(entry, <u32>(cosines + <usize>r * stride), 4);
  }
  const quads = cosines + cosineBytes(batch);
  const panelBytes = <usize>dim * 32;
  const whole = fillUp(table, count);
  packQuads(table, whole, segments, 1, dim, 4, quads);
  const most = <f32>Infinity;
  quadPanels(table, whole, padded, quads, dim, packed, panelBytes, 0, 0, 0, 0, -most, most);
  return cosines;
}
