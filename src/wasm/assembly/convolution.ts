import { Address } from './address';
import { dots } from './dots';
import { fillUp, panels } from './panel';
import { packQuads, quadBytes, quadPanels } from './quads';
import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS } from './tile';
import { addToTotals, RUN } from './totals';

/** Output pixels that are computed together, for all columns, while their inputs are in the cache. */
const BLOCK: i32 = 192;

/** Places of a row whose products are summed at once: a longer sum of float32 loses digits. */
const LONGEST: i32 = 256;

/** Bytes of what a block's rows see that are brought into tiles: of few rows as many as a second-level cache holds. */
const PACKED: i32 = 1 << 16;
const MOST_PACKED: i32 = 1 << 19;

/** Bytes between the rows of a packed panel. */
const PANEL_ROW: usize = 32;

/** Rows that are worth a pass over B. */
const FEW: i32 = 24;

/** Rows of a block whose windows of so many values are brought into tiles. */
function blockOf(inner: i32): i32 {
  const bytes = inner << 2;
  const rows = max(PACKED / bytes, min(FEW, MOST_PACKED / bytes));
  return max(TILE_ROWS, min(BLOCK, rows & -TILE_ROWS));
}

/** Bytes of scratch that `correlate` needs for windows of so many values: a row table, an edge tile, and the rows in tiles. */
export function correlateScratch(inner: i32): i32 {
  const edge = TILE_ROWS * (<i32>ROW_ENTRY + TILE_COLUMNS * 4);
  return BLOCK * <i32>ROW_ENTRY + edge + (blockOf(inner) / TILE_ROWS) * quadBytes(inner);
}

/**
 * Slides a window over images: for every place of a grid, the products of what the window sees with the
 * columns of B. A convolution, every phase of its gradient by the input, and a matrix product are of this form.
 *
 * @param a address that the window's first value has at the grid's first place.
 * @param aImage, aRow, aColumn bytes from one image, row, column of the grid to the next, in A.
 * @param c, cImage, cRow, cColumn the same of the output.
 * @param columns output channels.
 * @param segments, segmentCount, count the window: offsets of runs of `count` values, `aStep` bytes apart.
 * @param b panels of eight columns, `panelStep` bytes apart, of rows `bStep` bytes apart, packed where that is 32; or, where
 * `byColumn`, columns that are `panelStep` bytes apart.
 * @param factors, bias, slopes, least, most what each column is finished by, or no address, and limits: where B is packed and all panels are
 * full, else they are passed over.
 */
export function correlate(
  images: i32,
  height: i32,
  width: i32,
  a: Address,
  aImage: usize,
  aRow: usize,
  aColumn: usize,
  c: Address,
  cImage: usize,
  cRow: usize,
  cColumn: usize,
  columns: i32,
  segments: Address,
  segmentCount: i32,
  count: i32,
  aStep: usize,
  b: Address,
  bStep: usize,
  panelStep: usize,
  byColumn: bool,
  factors: Address,
  bias: Address,
  slopes: Address,
  least: f32,
  most: f32,
  scratch: Address,
): void {
  const edge = scratch + <usize>BLOCK * ROW_ENTRY;
  const packed = edge + <usize>(TILE_ROWS * (<i32>ROW_ENTRY + TILE_COLUMNS * 4));
  const full = !byColumn && bStep == PANEL_ROW && columns % TILE_COLUMNS == 0;
  const inner = segmentCount * count;
  const block = full ? blockOf(inner) : BLOCK;
  let filled = 0;
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < height; y++) {
      let from = a + <usize>image * aImage + <usize>y * aRow;
      let to = c + <usize>image * cImage + <usize>y * cRow;
      for (let x = 0; x < width; x++) {
        const entry = scratch + <usize>filled * ROW_ENTRY;
        store<u32>(entry, <u32>from);
        store<u32>(entry, <u32>to, 4);
        from += aColumn;
        to += cColumn;
        filled++;
        const last = x + 1 == width && y + 1 == height && image + 1 == images;
        if (filled < block && !last) continue;
        if (byColumn) {
          dots(scratch, filled, columns, segments, segmentCount, count, b, panelStep);
        } else if (full) {
          const whole = fillUp(scratch, filled);
          packQuads(scratch, whole, segments, segmentCount, count, aStep, packed);
          quadPanels(scratch, whole, columns, packed, inner, b, panelStep, 0, factors, bias, slopes, least, most);
        } else {
          panels(scratch, filled, columns, segments, segmentCount, count, aStep, b, bStep, panelStep, false, edge);
        }
        filled = 0;
      }
    }
  }
}

/** Bytes of scratch that `correlateBack` needs for so many rows and segments. */
export function correlateBackScratch(rows: i32, segmentCount: i32): i32 {
  return (
    (rows + TILE_ROWS) * <i32>ROW_ENTRY +
    segmentCount * 4 +
    TILE_ROWS * (<i32>ROW_ENTRY + TILE_COLUMNS * 4)
  );
}

/**
 * The gradient of a convolution by its filter: C[k, l, i, :] (+)= sum over the grid of A[y s + k, x s + l, i] B[y, x, :].
 *
 * @param height, width the grid of the outputs. @param tapColumns columns of the filter.
 * @param aTapRow, aTapColumn bytes in A from one tap to the next. @param channels input channels i.
 * @param firstRow, rows which rows of C, [k, l, i] in one, are computed.
 * @param aImage, aRow, aColumn as in `correlate`.
 * @param b panels over all places of the grid. @param bStep, panelStep bytes between places, and panels.
 * @param band segments that are summed before the sums are added to C.
 * @param totals float64 sums, as many as are computed, of what came before; or no address, where C is the sum of few bands.
 */
export function correlateBack(
  images: i32,
  height: i32,
  width: i32,
  a: Address,
  aImage: usize,
  aRow: usize,
  aColumn: usize,
  tapColumns: i32,
  aTapRow: usize,
  aTapColumn: usize,
  channels: i32,
  firstRow: i32,
  rows: i32,
  b: Address,
  bStep: usize,
  panelStep: usize,
  c: Address,
  columns: i32,
  band: i32,
  accumulate: bool,
  totals: Address,
  scratch: Address,
): void {
  const gradient = c + ((<usize>(firstRow * columns)) << 2);
  const segments = scratch + <usize>(rows + TILE_ROWS) * ROW_ENTRY;
  const segmentCount = images * height;
  const edge = segments + ((<usize>segmentCount) << 2);
  for (let r = 0; r < rows; r++) {
    const tap = (firstRow + r) / channels;
    const k = tap / tapColumns;
    const l = tap % tapColumns;
    const i = (firstRow + r) % channels;
    const entry = scratch + <usize>r * ROW_ENTRY;
    store<u32>(entry, <u32>(a + <usize>k * aTapRow + <usize>l * aTapColumn + ((<usize>i) << 2)));
    store<u32>(entry, <u32>(gradient + ((<usize>(r * columns)) << 2)), 4);
  }
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < height; y++) {
      store<u32>(
        segments + ((<usize>(image * height + y)) << 2),
        <u32>(<usize>image * aImage + <usize>y * aRow),
      );
    }
  }
  let run = 0;
  for (let first = 0; first < segmentCount; first += band) {
    const some = min(band, segmentCount - first);
    const segment = segments + ((<usize>first) << 2);
    for (let x = 0; x < width; x += LONGEST) {
      // A row that is longer is a band by itself, and comes in parts.
      const count = some == 1 ? min(LONGEST, width - x) : width;
      panels(
        scratch,
        rows,
        columns,
        segment,
        some,
        count,
        aColumn,
        b + <usize>(first * width + x) * bStep,
        bStep,
        panelStep,
        totals ? run > 0 : accumulate || first + x > 0,
        edge,
      );
      const last = first + some == segmentCount && x + count == width;
      if (totals && (++run == RUN || last)) {
        addToTotals(gradient, totals, rows * columns, last);
        run = 0;
      }
      store<u32>(segment, load<u32>(segment) + <u32>(<usize>count * aColumn));
    }
  }
}
