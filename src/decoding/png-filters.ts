/** A row of pixels within all of them, and the one above it. */
interface Row {
  readonly pixels: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Bytes of a pixel. */
  readonly step: number;
  /** Of the first row: zeros. */
  readonly above: Uint8Array;
  readonly aboveFrom: number;
}

/** Undo the filters of PNG by their number: each adds to a byte what was foretold of it (Portable Network Graphics, 3rd edition, section 9.2). */
const FILTERS: readonly ((row: Row) => void)[] = [() => {}, left, up, average, paeth];

/**
 * Pixels of which each row comes with the number of its filter before it.
 *
 * @param raw [height, 1 + row]
 * @returns [height, row]; undefined where a number is none of a filter
 */
export function unfiltered(
  raw: Uint8Array,
  { height, row, step }: { readonly height: number; readonly row: number; readonly step: number },
): Uint8Array | undefined {
  const pixels = new Uint8Array(height * row);
  const zeros = new Uint8Array(row);
  for (let y = 0; y < height; y++) {
    const at = y * (1 + row);
    const undo = FILTERS[raw[at]];
    if (!undo) return undefined;
    const from = y * row;
    pixels.set(raw.subarray(at + 1, at + 1 + row), from);
    const [above, aboveFrom] = y === 0 ? [zeros, 0] : [pixels, from - row];
    undo({ pixels, from, to: from + row, step, above, aboveFrom });
  }
  return pixels;
}

function left({ pixels, from, to, step }: Row): void {
  for (let i = from + step; i < to; i++) pixels[i] += pixels[i - step];
}

function up({ pixels, from, to, above, aboveFrom }: Row): void {
  for (let i = from, j = aboveFrom; i < to; i++, j++) pixels[i] += above[j];
}

function average({ pixels, from, to, step, above, aboveFrom }: Row): void {
  for (let i = from, j = aboveFrom; i < from + step; i++, j++) pixels[i] += above[j] >> 1;
  for (let i = from + step, j = aboveFrom + step; i < to; i++, j++)
    pixels[i] += (pixels[i - step] + above[j]) >> 1;
}

/** Foretells by whichever of left, above and above left is nearest to left + above - above left. */
function paeth({ pixels, from, to, step, above, aboveFrom }: Row): void {
  for (let i = from, j = aboveFrom; i < from + step; i++, j++) pixels[i] += above[j];
  for (let i = from + step, j = aboveFrom + step; i < to; i++, j++) {
    const [a, b, c] = [pixels[i - step], above[j], above[j - step]];
    const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    pixels[i] += toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
  }
}
