import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS, tile } from './tile';

/**
 * Fills a row table up to whole tiles with its last row, which is then computed more than once.
 *
 * @returns the rows it holds then.
 */
export function fillUp(rows: usize, count: i32): i32 {
  const last = rows + <usize>(count - 1) * ROW_ENTRY;
  let filled = count;
  while (filled % TILE_ROWS != 0) {
    store<u64>(rows + <usize>filled * ROW_ENTRY, load<u64>(last));
    filled++;
  }
  return filled;
}

/**
 * All rows of a table by all columns of a B whose columns lie in panels of eight.
 *
 * @param rows table, of room for whole tiles. @param rowCount rows in it.
 * @param columns of C. @param b first panel. @param panelStep bytes between two panels.
 * @param edge scratch of TILE_ROWS * (8 + 32) bytes, for a last panel that is not full.
 */
export function panels(
  rows: usize,
  rowCount: i32,
  columns: i32,
  segments: usize,
  segmentCount: i32,
  count: i32,
  aStep: usize,
  b: usize,
  bStep: usize,
  panelStep: usize,
  accumulate: bool,
  edge: usize,
): void {
  const filled = fillUp(rows, rowCount);
  const whole = columns - (columns % TILE_COLUMNS);
  for (let column = 0; column < whole; column += TILE_COLUMNS) {
    for (let row = 0; row < filled; row += TILE_ROWS) {
      const table = rows + <usize>row * ROW_ENTRY;
      tile(table, (<usize>column) << 2, segments, segmentCount, count, aStep, b, bStep, accumulate);
    }
    b += panelStep;
  }
  if (whole == columns) return;
  for (let row = 0; row < rowCount; row += TILE_ROWS) {
    const table = rows + <usize>row * ROW_ENTRY;
    edgeTile(
      table,
      min(TILE_ROWS, rowCount - row),
      whole,
      columns,
      segments,
      segmentCount,
      count,
      aStep,
      b,
      bStep,
      accumulate,
      edge,
    );
  }
}

/** A tile of which only the columns `from` to `to` exist: computed aside, then copied. */
function edgeTile(
  rows: usize,
  rowCount: i32,
  from: i32,
  to: i32,
  segments: usize,
  segmentCount: i32,
  count: i32,
  aStep: usize,
  b: usize,
  bStep: usize,
  accumulate: bool,
  edge: usize,
): void {
  const results = edge + <usize>TILE_ROWS * ROW_ENTRY;
  for (let r = 0; r < TILE_ROWS; r++) {
    const entry = <usize>r * ROW_ENTRY;
    store<u32>(edge + entry, load<u32>(rows + entry));
    store<u32>(edge + entry, <u32>(results + <usize>(r * TILE_COLUMNS * 4)), 4);
  }
  tile(edge, 0, segments, segmentCount, count, aStep, b, bStep, false);
  for (let r = 0; r < rowCount; r++) {
    const c = <usize>load<u32>(rows + <usize>r * ROW_ENTRY, 4);
    const computed = results + <usize>(r * TILE_COLUMNS * 4);
    for (let column = from; column < to; column++) {
      const value = load<f32>(computed + ((<usize>(column - from)) << 2));
      const place = c + ((<usize>column) << 2);
      store<f32>(place, accumulate ? load<f32>(place) + value : value);
    }
  }
}
