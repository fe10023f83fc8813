import type { FileBytes } from './file-bytes.js';
import type { ImageHeader } from './image-header.js';

const IHDR = 0x49484452;
const IEND = 0x49454e44;
const GREY = [0, 4];

/** @throws IMAGE_TRUNCATED where a chunk or the last of them is missing; IMAGE_INVALID */
export function readPngHeader(file: FileBytes): ImageHeader {
  if (file.uint32(12) !== IHDR) throw file.invalid('the PNG does not begin with its header');
  // Chunks: length, name, content, check sum.
  let at = 8;
  while (file.uint32(at + 4) !== IEND) at += 12 + file.uint32(at);
  return {
    width: file.uint32(16),
    height: file.uint32(20),
    bits: file.uint8(24),
    channels: GREY.includes(file.uint8(25)) ? 1 : 3,
  };
}
