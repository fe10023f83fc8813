import type { ImageHeader } from './decoder.js';
import type { FileBytes } from './file-bytes.js';
import { readTags, type Tag } from './tiff-tags.js';

const WIDTH = 256;
const HEIGHT = 257;
const BITS = 258;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const SAMPLES = 277;
const EXTRA_SAMPLES = 338;
const SAMPLE_FORMAT = 339;
/** Where the pixels are and how many bytes: in strips, or in tiles. */
const PLACES = [
  [273, 279],
  [324, 325],
];
/** White is zero, black is zero. */
const GREY = [0, 1];
/** Samples of a pixel: white is zero, black is zero, RGB, palette, YCbCr. */
const SAMPLES_OF: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 6: 3 };
/** Uncompressed, CCITT, LZW, JPEG of both kinds, deflate, PackBits; LERC, LZMA, Zstandard and WebP, of which sharp says itself whether it has them. */
const COMPRESSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34887, 34925, 50000, 50001];
/** An extra sample of no kind, which is no alpha. */
const UNSPECIFIED = 0;
const PALETTE = 3;

/**
 * The first directory of a TIFF file.
 *
 * @throws IMAGE_TRUNCATED; IMAGE_UNSUPPORTED: BigTIFF, several pages, pixels other than unsigned whole numbers of 1, 2, 4, 8 or 16
 *   bits, colour other than RGB, YCbCr and palettes, more than one extra sample; IMAGE_INVALID
 */
export function readTiffHeader(file: FileBytes): ImageHeader {
  if (file.uint(2, 2) !== 42)
    throw file.unsupported('the file is BigTIFF', 'expected TIFF; convert it to PNG or TIFF');
  const directory = file.uint(4, 4);
  const count = file.uint(directory, 2);
  if (file.uint(directory + 2 + 12 * count, 4) !== 0)
    throw file.unsupported('the TIFF has several pages', 'expected one; save each as its own file');
  const tags = readTags(file, directory + 2, count);
  const value = (tag: number) => tags.get(tag)?.at(0);
  const photometric = value(PHOTOMETRIC) ?? 1;
  const grey = GREY.includes(photometric);
  const format = value(SAMPLE_FORMAT) ?? 1;
  if (format !== 1)
    throw file.unsupported(
      `the TIFF has pixels of sample format ${format}`,
      'expected unsigned whole numbers; convert it to PNG of 16 bits',
    );
  const compression = value(COMPRESSION) ?? 1;
  if (!COMPRESSIONS.includes(compression))
    throw file.unsupported(
      `the TIFF has compression ${compression}`,
      'expected none, LZW, deflate, PackBits, CCITT or JPEG; convert it to PNG',
    );
  const samples = SAMPLES_OF[photometric];
  const extra = (value(SAMPLES) ?? 1) - samples;
  if (samples === undefined || extra < 0 || extra > 1)
    throw file.unsupported(
      `the TIFF has ${value(SAMPLES) ?? 1} samples of photometric interpretation ${photometric}`,
      'expected grey, RGB, YCbCr or a palette, with alpha or without; convert it to PNG',
    );
  const alpha = value(EXTRA_SAMPLES);
  if (extra === 1 && alpha !== UNSPECIFIED && alpha !== 1 && alpha !== 2)
    throw file.unsupported(
      `the TIFF has an extra sample of kind ${alpha ?? 'unknown'}`,
      'expected 0, 1 or 2; convert it to PNG',
    );
  const bits = readBits(file, tags.get(BITS), grey || photometric === PALETTE);
  for (const [offsets, lengths] of PLACES) {
    const [offset, length] = [tags.get(offsets), tags.get(lengths)];
    for (let i = 0; offset && length && i < offset.count; i++)
      file.reach(offset.at(i) + length.at(i));
  }
  return {
    bits,
    width: value(WIDTH) ?? 0,
    height: value(HEIGHT) ?? 0,
    channels: grey ? 1 : 3,
    ...(extra === 1 && alpha === UNSPECIFIED && { noAlpha: true }),
  };
}

/** The bits of every sample, which have to be alike. */
function readBits(file: FileBytes, tag: Tag | undefined, single: boolean): number {
  const all = tag ? Array.from({ length: Math.min(tag.count, 8) }, (_, i) => tag.at(i)) : [1];
  const known = single ? [1, 2, 4, 8, 16] : [8, 16];
  if (!known.includes(all[0]) || all.some((bits) => bits !== all[0]))
    throw file.unsupported(
      `the TIFF has samples of ${all.join(', ') || 'no'} bits`,
      `expected ${known.join(', ').replace(/, 16/, ' or 16')} alike; convert it to PNG of 16 bits`,
    );
  return all[0];
}
