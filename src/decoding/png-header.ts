import { crc32 } from '../support/crc32.js';
import type { ImageHeader } from './decoder.js';
import type { FileBytes } from './file-bytes.js';

const IHDR = 0x49484452;
const IDAT = 0x49444154;
const IEND = 0x49454e44;
const ACTL = 0x6163544c;
const SBIT = 0x73424954;
const GREY = [0, 4];

/** @throws IMAGE_TRUNCATED where a chunk or the last of them is missing; IMAGE_UNSUPPORTED where it is animated; IMAGE_INVALID */
export function readPngHeader(file: FileBytes): ImageHeader {
  if (file.uint(12, 4) !== IHDR) throw file.invalid('the PNG does not begin with its header');
  // Chunks: length, name, content, check sum.
  let at = 8;
  let significant: number | undefined;
  for (let name = IHDR; name !== IEND; name = file.uint(at + 4, 4)) {
    if (name === ACTL)
      throw file.unsupported('the PNG is animated', 'expected one image; save a frame as PNG');
    if (name !== IHDR && name !== IDAT) checkSum(file, at);
    if (name === SBIT) significant = significantBits(file, at);
    at += 12 + file.uint(at, 4);
  }
  return {
    width: file.uint(16, 4),
    height: file.uint(20, 4),
    bits: file.uint(24, 1),
    channels: GREY.includes(file.uint(25, 1)) ? 1 : 3,
    ...(significant !== undefined && { significant }),
  };
}

/** Decoders compare the check sums of header and pixels, but pass over a damaged transparency or orientation without a word. */
function checkSum(file: FileBytes, chunk: number): void {
  const end = chunk + 8 + file.uint(chunk, 4);
  const sum = file.uint(end, 4);
  if (crc32(file.bytes.subarray(chunk + 4, end)) !== sum)
    throw file.invalid(
      `a chunk of the PNG at byte ${chunk} has another content than its check sum`,
    );
}

/** The most of grey or of the three colours; a number for alpha comes after theirs. */
function significantBits(file: FileBytes, chunk: number): number {
  const length = file.uint(chunk, 4);
  let most = 0;
  for (let i = 0; i < (length < 3 ? 1 : 3); i++) most = Math.max(most, file.uint(chunk + 8 + i, 1));
  return most;
}
