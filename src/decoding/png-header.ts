import type { ImageHeader } from './decoder.js';
import type { FileBytes } from './file-bytes.js';

const IHDR = 0x49484452;
const IEND = 0x49454e44;
const ACTL = 0x6163544c;
const GREY = [0, 4];

/** @throws IMAGE_TRUNCATED where a chunk or the last of them is missing; IMAGE_UNSUPPORTED where it is animated; IMAGE_INVALID */
export function readPngHeader(file: FileBytes): ImageHeader {
  if (file.uint32(12) !== IHDR) throw file.invalid('the PNG does not begin with its header');
  // Chunks: length, name, content, check sum.
  let at = 8;
  for (let name = IHDR; name !== IEND; name = file.uint32(at + 4)) {
    if (name === ACTL)
      throw file.unsupported('the PNG is animated', 'expected one image; save a frame as PNG');
    at += 12 + file.uint32(at);
  }
  return {
    width: file.uint32(16),
    height: file.uint32(20),
    bits: file.uint8(24),
    channels: GREY.includes(file.uint8(25)) ? 1 : 3,
  };
}
