import type { SimdFunctions } from './module.generated.js';
import type { Simd } from './simd.js';

/** So many things one after the other. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** [0, count) in so many ranges of about one size, whole groups each; fewer where there are fewer groups. */
export function rangesOf(count: number, parts: number, group = 1): Range[] {
  const groups = Math.ceil(count / group);
  const some = Math.max(1, Math.min(parts, groups));
  const start = (part: number) => Math.min(count, Math.floor((groups * part) / some) * group);
  return Array.from({ length: some }, (_, part) => ({
    first: start(part),
    count: start(part + 1) - start(part),
  }));
}

/**
 * Runs `use` for ranges of [0, count), on all threads where that much work is worth it.
 *
 * @param nanoseconds what all of it takes one thread, about. @param group what ranges are multiples of. @param perThread ranges for
 * each thread, at most: 1 where each costs something of its own.
 */
export function share(
  simd: Simd,
  count: number,
  nanoseconds: number,
  use: (simd: Simd, range: Range) => void,
  { group = 1, perThread }: { group?: number; perThread?: number } = {},
): void {
  const ranges = rangesOf(count, simd.parts(nanoseconds, perThread), group);
  simd.together(ranges.map((range) => (part: Simd) => use(part, range)));
}

/** Rows of images: all rows of several, or some of one. */
export interface Band {
  readonly image: number;
  readonly images: number;
  readonly row: number;
  readonly rows: number;
}

/**
 * The same for images, or for rows of each where there are fewer images than parts.
 *
 * @param group what bands of rows are multiples of.
 */
export function shareRows(
  simd: Simd,
  images: number,
  height: number,
  nanoseconds: number,
  use: (simd: Simd, band: Band) => void,
  group = 1,
): void {
  if (images === 0) return;
  const parts = simd.parts(nanoseconds);
  const bands = rangesOf(images, parts).flatMap(({ first, count }): Band[] =>
    count > 1 || images >= parts
      ? [{ image: first, images: count, row: 0, rows: height }]
      : rangesOf(height, Math.ceil(parts / images), group).map((range) => ({
          image: first,
          images: 1,
          row: range.first,
          rows: range.count,
        })),
  );
  simd.together(bands.map((band) => (part: Simd) => use(part, band)));
}

/** Values that one thread takes together: those of a vector, so that no value is computed another way. */
const VECTOR = 16;

/** The same for values of which each is computed by itself; `use` is told the bytes ahead of its own, and how many values it has. */
export function shareValues(
  simd: Simd,
  count: number,
  nanoseconds: number,
  use: (functions: SimdFunctions, bytes: number, count: number) => void,
): void {
  const ofRange = ({ functions }: Simd, range: Range) =>
    use(functions, range.first * 4, range.count);
  share(simd, count, nanoseconds, ofRange, { group: VECTOR });
}

/** Nanoseconds that so many multiplications and additions take, about. */
export function productTime(products: number): number {
  return products / 10;
}

/** Nanoseconds that one pass over so many values takes, about. */
export function passTime(values: number): number {
  return values / 2;
}
