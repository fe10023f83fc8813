import type { ImageHeader } from './decoder.js';
import type { FileBytes } from './file-bytes.js';

// The names of the chunk that comes first, as little-endian numbers.
const LOSSY = 0x20385056;
const LOSSLESS = 0x4c385056;
const EXTENDED = 0x58385056;
const ANIMATED = 0x02;

/** @throws IMAGE_TRUNCATED; IMAGE_UNSUPPORTED where it is animated; IMAGE_INVALID */
export function readWebpHeader(file: FileBytes): ImageHeader {
  file.reach(8 + file.uint32(4));
  return { bits: 8, channels: 3, ...readSize(file) };
}

function readSize(file: FileBytes): Pick<ImageHeader, 'height' | 'width'> {
  switch (file.uint32(12)) {
    case LOSSY:
      return { width: file.uint16(26) & 0x3fff, height: file.uint16(28) & 0x3fff };
    case LOSSLESS: {
      const sides = file.uint32(21);
      return { width: (sides & 0x3fff) + 1, height: ((sides >>> 14) & 0x3fff) + 1 };
    }
    case EXTENDED:
      if (file.uint8(20) & ANIMATED)
        throw file.unsupported('the WebP is animated', 'expected one image; save a frame as PNG');
      return { width: file.uint24(24) + 1, height: file.uint24(27) + 1 };
    default:
      throw file.invalid('the WebP begins with no chunk of an image');
  }
}
