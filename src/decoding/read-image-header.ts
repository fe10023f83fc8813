import type { DecodeLimits, ImageHeader } from './decoder.js';
import { FileBytes } from './file-bytes.js';
import { imageFormat } from './image-format.js';
import { readJpegHeader } from './jpeg-header.js';
import { checkPixelLimit } from './pixel-limit.js';
import { readPngHeader } from './png-header.js';
import { readTiffHeader } from './tiff-header.js';
import { readWebpHeader } from './webp-header.js';

const READERS: Readonly<Record<string, (file: FileBytes) => ImageHeader>> = {
  'image/png': readPngHeader,
  'image/jpeg': readJpegHeader,
  'image/webp': readWebpHeader,
  'image/tiff': readTiffHeader,
};

/**
 * The header of a PNG, JPEG, WebP or TIFF file, and whether the file goes on to its end: no pixel is
 * decoded, and it takes no more time than to pass over the bytes once.
 *
 * @param where the decoder, for errors
 * @throws IMAGE_TRUNCATED | IMAGE_INVALID | IMAGE_UNSUPPORTED | IMAGE_TOO_LARGE
 */
export function readImageHeader(
  where: string,
  bytes: Uint8Array,
  { maxPixels, format = imageFormat(bytes) ?? '' }: DecodeLimits,
): ImageHeader & { readonly format: string } {
  const file = new FileBytes(where, bytes, format === 'image/webp' || bytes[0] === 0x49);
  const read = READERS[format];
  if (!read)
    throw file.unsupported(
      `the file is ${format || 'of no known format'}`,
      'expected PNG, JPEG, WebP or TIFF',
    );
  const header = read(file);
  checkPixelLimit(where, header, maxPixels);
  return { ...header, format };
}
