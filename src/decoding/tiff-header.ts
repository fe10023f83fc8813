import type { ImageHeader } from './decoder.js';
import type { FileBytes } from './file-bytes.js';

const WIDTH = 256;
const HEIGHT = 257;
const BITS = 258;
const PHOTOMETRIC = 262;
const SAMPLE_FORMAT = 339;
/** Where the pixels are and how many bytes: in strips, or in tiles. */
const PLACES = [
  [273, 279],
  [324, 325],
];
/** White is zero, black is zero. */
const GREY = [0, 1];
const SHORT = 3;

/**
 * The first directory of a TIFF file.
 *
 * @throws IMAGE_TRUNCATED; IMAGE_UNSUPPORTED: BigTIFF, several pages, pixels other than unsigned
 *   whole numbers of up to 16 bits; IMAGE_INVALID
 */
export function readTiffHeader(file: FileBytes): ImageHeader {
  if (file.uint16(2) !== 42)
    throw file.unsupported('the file is BigTIFF', 'expected TIFF; convert it to PNG or TIFF');
  const directory = file.uint32(4);
  const count = file.uint16(directory);
  if (file.uint32(directory + 2 + 12 * count) !== 0)
    throw file.unsupported('the TIFF has several pages', 'expected one; save each as its own file');
  const tags = readTags(file, directory + 2, count);
  const value = (tag: number) => tags.get(tag)?.at(0);
  const bits = value(BITS) ?? 1;
  const format = value(SAMPLE_FORMAT) ?? 1;
  if (bits > 16 || format !== 1)
    throw file.unsupported(
      `the TIFF has pixels of ${bits} bits, sample format ${format}`,
      'expected unsigned whole numbers of up to 16 bits; convert it to PNG of 16 bits',
    );
  for (const [offsets, lengths] of PLACES) {
    const [offset, length] = [tags.get(offsets), tags.get(lengths)];
    for (let i = 0; offset && length && i < offset.count; i++)
      file.reach(offset.at(i) + length.at(i));
  }
  return {
    bits,
    width: value(WIDTH) ?? 0,
    height: value(HEIGHT) ?? 0,
    channels: GREY.includes(value(PHOTOMETRIC) ?? 1) ? 1 : 3,
  };
}

interface Tag {
  readonly count: number;
  /** Number `i` of the tag. @throws IMAGE_TRUNCATED */
  at(i: number): number;
}

/** Entries: tag, type, how many, then the numbers or, above four bytes, where they are. */
function readTags(file: FileBytes, entries: number, count: number): Map<number, Tag> {
  const tags = new Map<number, Tag>();
  for (let i = 0; i < count; i++) {
    const at = entries + 12 * i;
    const short = file.uint16(at + 2) === SHORT;
    const numbers = file.uint32(at + 4);
    const start = numbers * (short ? 2 : 4) > 4 ? file.uint32(at + 8) : at + 8;
    tags.set(file.uint16(at), {
      count: numbers,
      at: (k) => (short ? file.uint16(start + 2 * k) : file.uint32(start + 4 * k)),
    });
  }
  return tags;
}
