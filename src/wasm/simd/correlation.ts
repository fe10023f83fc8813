import { type Address, after, NOWHERE } from './address.js';
import { passTime, type Range, share } from './share.js';
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

/** Columns of a panel. */
const PANEL = 8;

/**
 * What is done to each column of a product before it is written: times a factor, plus a bias, times a slope where that is negative,
 * and held between limits; no address leaves a step out.
 */
export interface Finish {
  readonly factors: Address;
  readonly bias: Address;
  readonly slopes: Address;
  readonly least: number;
  readonly most: number;
}

/** Nothing is done to a product. */
export const AS_IT_IS: Finish = {
  factors: NOWHERE,
  bias: NOWHERE,
  slopes: NOWHERE,
  least: Number.NEGATIVE_INFINITY,
  most: Number.POSITIVE_INFINITY,
};

/** The same as arguments of a kernel. */
export function finishArguments({ factors, bias, slopes, least, most }: Finish) {
  return [factors, bias, slopes, least, most] as const;
}

/** Places in memory: the first, and the bytes from one image, row and column to the next. */
export interface Grid {
  readonly address: Address;
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/** Whether `correlation` can finish products of so many columns. */
export function writesFinished(columns: number): boolean {
  return columns % PANEL === 0;
}

/**
 * Prepares to slide a window over images and multiply what it sees with packed taps.
 *
 * @param finish what is done to the products; only where `writesFinished`.
 * @returns a function that prepares a part of the work, which gives one that writes products at `images` x `height` x `width` places.
 */
export function correlation(
  simd: Simd,
  scratch: Scratch,
  window: Window,
  taps: Taps,
  finish: Finish = AS_IT_IS,
) {
  const { columns } = taps;
  // Few output channels would leave a panel of eight empty; they are products along the window instead.
  const byColumn = columns <= 2 && window.count % 4 === 0;
  const padded = byColumn ? columns : Math.ceil(columns / PANEL) * PANEL;
  const packed = scratch.take(taps.offsets.length * taps.values * padded * 4);
  const offsets = scratch.table(taps.offsets);
  const size = taps.offsets.length * taps.values;
  const ofColumns = ({ functions }: Simd, { first, count }: Range) => {
    const packTaps = byColumn ? functions.packColumns : functions.packPanels;
    packTaps(
      ...[after(taps.address, first * taps.columnStep), after(packed, first * size * 4)],
      ...[offsets, taps.offsets.length, taps.values, taps.valueStep],
      ...[count, taps.columnStep],
    );
  };
  share(simd, columns, passTime(2 * size * columns), ofColumns, { group: PANEL });
  const windowBytes = window.offsets.length * window.count * 4;
  const segments = scratch.table(window.offsets);
  return ({ functions: { correlate, correlateScratch } }: Simd, own: Scratch) => {
    const rows = own.take(correlateScratch(window.offsets.length * window.count));
    return (images: number, height: number, width: number, from: Grid, to: Grid) =>
      correlate(
        ...[images, height, width],
        ...[from.address, from.image, from.row, from.column],
        ...[to.address, to.image, to.row, to.column],
        ...[columns, segments, window.offsets.length, window.count, 4],
        ...[packed, 32, windowBytes * (byColumn ? 1 : 8), byColumn],
        ...[...finishArguments(finish), rows],
      );
  };
}
