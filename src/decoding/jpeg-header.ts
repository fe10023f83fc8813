import type { ImageHeader } from './decoder.js';
import type { FileBytes } from './file-bytes.js';

const END = 0xd9;
const SCAN = 0xda;
/** Baseline, extended and progressive, with Huffman codes. */
const DECODED = [0xc0, 0xc1, 0xc2];
/** Markers of the other processes: lossless, differential, arithmetic, JPEG-LS. */
const OTHERS = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xf7];

/**
 * @throws IMAGE_TRUNCATED where the end marker is missing; IMAGE_UNSUPPORTED: lossless, arithmetic or
 *   differential, of other than 8 bits, or in inks (CMYK); IMAGE_INVALID
 */
export function readJpegHeader(file: FileBytes): ImageHeader {
  let header: ImageHeader | undefined;
  let at = 2;
  for (;;) {
    if (file.uint8(at) !== 0xff) throw file.invalid('the JPEG has bytes between its segments');
    const marker = file.uint8(at + 1);
    if (marker === END) break;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = file.uint16(at + 2);
    if (length < 2) throw file.invalid('the JPEG has a segment shorter than its own length');
    if (OTHERS.includes(marker))
      throw file.unsupported(
        `the JPEG is coded by process SOF${marker === 0xf7 ? '55 (JPEG-LS)' : marker - 0xc0}`,
        'expected baseline or progressive with Huffman codes; convert it to PNG',
      );
    if (DECODED.includes(marker)) header ??= readFrame(file, at + 4);
    at += 2 + length;
    if (marker === SCAN) at = endOfScan(file, at);
  }
  if (!header) throw file.invalid('the JPEG has no frame');
  return header;
}

function readFrame(file: FileBytes, at: number): ImageHeader {
  const bits = file.uint8(at);
  if (bits !== 8)
    throw file.unsupported(
      `the JPEG has ${bits} bits a channel`,
      'expected 8; convert it to PNG of 16 bits',
    );
  const channels = file.uint8(at + 5);
  // What inks look like is a matter of taste: every decoder has another picture.
  if (channels !== 1 && channels !== 3)
    throw file.unsupported(
      `the JPEG has ${channels} channels${channels === 4 ? ' (CMYK)' : ''}`,
      'expected 1 (grey) or 3 (colour); convert it to PNG',
    );
  return { bits, height: file.uint16(at + 1), width: file.uint16(at + 3), channels };
}

/** The first marker behind coded pixels: 0xff followed neither by 0, which stands for itself, nor by a restart. */
function endOfScan(file: FileBytes, from: number): number {
  for (let at = from; ; at += 2) {
    at = file.bytes.indexOf(0xff, at);
    const next = file.uint8(at === -1 ? file.length : at + 1);
    if (next === 0xff) at -= 1;
    else if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
}
