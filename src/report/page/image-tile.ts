import { check } from '../../support/check.js';
import { fastPng } from '../../support/fast-png.js';
import type { ReportImage } from '../content/report-input.js';

/**
 * Encodes pictures as PNG data URIs, so that a page needs no other file.
 *
 * @param images pixels 0 to 255.
 * @returns one `data:image/png;base64,...` per picture.
 * @throws INVALID_IMAGES, MISSING_PEER
 */
export async function imageTiles(images: readonly ReportImage[]): Promise<string[]> {
  const { encode } = await fastPng('imageTiles');
  return images.map((image) => {
    const { pixels, height, width, channels = 1 } = image;
    const size = height * width * channels;
    check(
      pixels.length === size && size > 0,
      'INVALID_IMAGES',
      () =>
        `imageTiles: an image of ${height} x ${width} with ${channels} channels has ${pixels.length} pixel values; expected ${size}, at least 1.`,
    );
    const png = encode({ data: Uint8ClampedArray.from(pixels), height, width, channels });
    return `data:image/png;base64,${base64(png)}`;
  });
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
