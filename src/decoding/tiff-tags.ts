import type { FileBytes } from './file-bytes.js';

const SHORT = 3;

/** An entry of a TIFF directory. */
export interface Tag {
  readonly count: number;
  /** Number `i` of the tag. @throws IMAGE_TRUNCATED */
  at(i: number): number;
}

/** Entries: tag, type, how many, then the numbers or, above four bytes, where they are. */
export function readTags(file: FileBytes, entries: number, count: number): Map<number, Tag> {
  const tags = new Map<number, Tag>();
  for (let i = 0; i < count; i++) {
    const at = entries + 12 * i;
    const short = file.uint(at + 2, 2) === SHORT;
    const numbers = file.uint(at + 4, 4);
    const start = numbers * (short ? 2 : 4) > 4 ? file.uint(at + 8, 4) : at + 8;
    tags.set(file.uint(at, 2), {
      count: numbers,
      at: (k) => file.uint(start + (short ? 2 : 4) * k, short ? 2 : 4),
    });
  }
  return tags;
}
