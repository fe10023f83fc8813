import type { ImageHeader } from './decoder.js';
import type { FileBytes } from './file-bytes.js';

// The names of the chunk that comes first, as little-endian numbers.
const LOSSY = 0x20385056;
const LOSSLESS = 0x4c385056;
const EXTENDED = 0x58385056;
const ANIMATED = 0x02;

/** @throws IMAGE_TRUNCATED; IMAGE_UNSUPPORTED where it is animated; IMAGE_INVALID */
export function readWebpHeader(file: FileBytes): ImageHeader {
  file.reach(8 + file.uint(4, 4));
  return { bits: 8, channels: 3, ...readSize(file) };
}

function readSize(file: FileBytes): Pick<ImageHeader, 'height' | 'width'> {
  switch (file.uint(12, 4)) {
    case LOSSY:
      return { width: file.uint(26, 2) & 0x3fff, height: file.uint(28, 2) & 0x3fff };
    case LOSSLESS: {
      const sides = file.uint(21, 4);
      return { width: (sides & 0x3fff) + 1, height: ((sides >>> 14) & 0x3fff) + 1 };
    }
    case EXTENDED:
      if (file.uint(20, 1) & ANIMATED)
        throw file.unsupported('the WebP is animated', 'expected one image; save a frame as PNG');
      return { width: file.uint(24, 3) + 1, height: file.uint(27, 3) + 1 };
    default:
      throw file.invalid('the WebP begins with no chunk of an image');
  }
}
