import type { Tensor } from '@tensorflow/tfjs-core';
import type { Address } from './address.js';
import { packRows } from './pack-queries.js';
import type { Scratch, Simd } from './simd.js';
import { axesOf, type SketchAxes, sketched } from './sketch-axes.js';

/** Queries after which finding the axes of rows, and keeping what they are compared by, pays for itself. */
const WORTH = 1024;

/** Bytes that are kept for one set of rows at most. */
const MOST_BYTES = 1 << 26;

/** What queries are compared with in place of rows. */
export interface ComparedRows {
  /** Along which rows are sketched; absent where rows stand for themselves. */
  readonly axes?: SketchAxes;
  /** Numbers of a sketch. */
  readonly width: number;
  /** The length of the longest row. */
  readonly reach: number;
  /** The sketches as coarse numbers in panels, the factor of all, and half the square of each. */
  readonly panels: Address;
  readonly factor: Address;
  readonly halves: Address;
}

/** The same outside of the backend's memory. */
type Kept = Omit<ComparedRows, 'panels' | 'factor' | 'halves'> &
  Readonly<Record<'panels' | 'factor' | 'halves', Float32Array>>;

/** Rows that queries were compared with. */
interface Known {
  /** Numbers of a row: tensors of other shapes share values after a reshape. */
  readonly dim: number;
  queries: number;
  kept?: Kept;
}

const KNOWN = Symbol.for('salad-ad/wasm/known-rows');

/**
 * What queries are compared with in place of rows. It is kept once so many queries were compared with the same rows, which then are
 * sketched as well, where they vary along few enough directions.
 */
export function comparedRows(
  simd: Simd,
  scratch: Scratch,
  queries: number,
  rows: Tensor,
): ComparedRows {
  const known = knownOf(simd, rows);
  known.queries += queries;
  const { kept } = known;
  if (kept) {
    const [panels, factor, halves] = [kept.panels, kept.factor, kept.halves].map(scratch.floats);
    return { ...kept, panels, factor, halves };
  }
  const worth = known.queries > WORTH;
  const made = compared(simd, scratch, rows, worth ? axesOf(simd, rows) : undefined);
  const sizes = bytesOf(rows.shape[0], made.width);
  if (worth && sizes.panels <= MOST_BYTES) {
    const copy = (from: Address, bytes: number) => simd.floatsAt(from, bytes / 4).slice();
    known.kept = {
      ...made,
      panels: copy(made.panels, sizes.panels),
      factor: copy(made.factor, sizes.factor),
      halves: copy(made.halves, sizes.halves),
    };
  }
  return made;
}

/** Drops what is kept of rows that were written in place. */
export function forgetRows(simd: Simd, { dataId }: Tensor): void {
  allKnown(simd).delete(dataId);
}

function knownOf(simd: Simd, { dataId, shape }: Tensor): Known {
  const all = allKnown(simd);
  const dim = shape[1] as number;
  const known = all.get(dataId);
  if (known?.dim === dim) return known;
  const unknown = { dim, queries: 0 };
  all.set(dataId, unknown);
  return unknown;
}

function allKnown(simd: Simd): WeakMap<object, Known> {
  const holder = simd as Simd & { [KNOWN]?: WeakMap<object, Known> };
  holder[KNOWN] ??= new WeakMap();
  return holder[KNOWN];
}

/** Room for the sketches of so many rows. */
function bytesOf(size: number, width: number) {
  const panels = Math.ceil(size / 8) * Math.ceil(width / 8) * 128;
  return { panels, factor: 8, halves: Math.ceil(size / 4) * 16 };
}

function compared(
  simd: Simd,
  scratch: Scratch,
  rows: Tensor,
  axes: SketchAxes | undefined,
): ComparedRows {
  const { halfSquares, longestRow } = simd.functions;
  const [size, dim] = rows.shape as [number, number];
  const width = axes?.width ?? dim;
  const from = axes ? sketched(simd, scratch, axes, rows) : simd.address(rows);
  const { panels, factors } = coarse(simd, scratch, from, size, { width, group: size, least: 0 });
  const halves = scratch.take(bytesOf(size, width).halves);
  halfSquares(from, size, width, halves);
  const reach = longestRow(simd.address(rows), size, dim);
  return { ...(axes && { axes }), width, reach, panels, factor: factors, halves };
}

/** What rows are made coarse by: their numbers, how many share a factor, and the least length that it goes by. */
interface Form {
  readonly width: number;
  readonly group: number;
  readonly least: number;
}

/** Rows as whole numbers of 16 bits, in panels of eight rows, and the factors of groups of them. */
export function coarse(
  simd: Simd,
  scratch: Scratch,
  from: Address,
  count: number,
  { width, group, least }: Form,
) {
  const pairs = Math.ceil(width / 8) * 4;
  const rows = scratch.take(count * pairs * 4);
  const factors = scratch.take(Math.ceil(count / group) * 8);
  simd.functions.coarsen(from, count, width, group, least, rows, factors);
  return { panels: packRows(simd, scratch, rows, count, pairs), factors };
}
