import type { Address } from './address.js';
import type { Scratch, Simd } from './simd.js';

/** A tap that is zero, in a table of taps. */
export const NO_TAP = 0xffffffff;

/** A matrix [taps, values, columns] that windows are multiplied with, as it lies in a filter. */
export interface Taps {
  readonly address: Address;
  /** Where each tap begins, in bytes, or `NO_TAP`. */
  readonly offsets: readonly number[];
  /** Values of a tap, and bytes between two of them. */
  readonly values: number;
  readonly valueStep: number;
  /** Output channels, and bytes between two of them. */
  readonly columns: number;
  readonly columnStep: number;
}

/** What a window sees: runs of `count` values that begin at `offsets`, in bytes. */
export interface Window {
  readonly offsets: readonly number[];
  readonly count: number;
}

/** Places in memory: the first, and the bytes from one image, row and column to the next. */
export interface Grid {
  readonly address: Address;
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Prepares to slide a window over images and multiply what it sees with packed taps.
 *
 * @returns a function that writes products at `images` x `height` x `width` places.
 */
export function correlation(simd: Simd, scratch: Scratch, window: Window, taps: Taps) {
  const { correlate, correlateScratch, packColumns, packPanels } = simd.functions;
  const { columns } = taps;
  // Few output channels would leave a panel of eight empty; they are products along the window instead.
  const byColumn = columns <= 2 && window.count % 4 === 0;
  const padded = byColumn ? columns : Math.ceil(columns / 8) * 8;
  const packed = scratch.take(taps.offsets.length * taps.values * padded * 4);
  const packTaps = byColumn ? packColumns : packPanels;
  packTaps(
    taps.address,
    packed,
    scratch.table(taps.offsets),
    taps.offsets.length,
    ...[taps.values, taps.valueStep],
    ...[columns, taps.columnStep],
  );
  const windowBytes = window.offsets.length * window.count * 4;
  const segments = scratch.table(window.offsets);
  const rows = scratch.take(correlateScratch());
  return (images: number, height: number, width: number, from: Grid, to: Grid) =>
    correlate(
      ...[images, height, width],
      ...[from.address, from.image, from.row, from.column],
      ...[to.address, to.image, to.row, to.column],
      ...[columns, segments, window.offsets.length, window.count, 4],
      ...[packed, 32, windowBytes * (byColumn ? 1 : 8), byColumn, rows],
    );
}
