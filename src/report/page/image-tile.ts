import { resize } from '../../images/resize.js';
import { check } from '../../support/check.js';
import { fastPng } from '../../support/fast-png.js';
import type { ReportImage } from '../content/report-input.js';

/**
 * Encodes pictures as PNG data URIs, so that a page needs no other file.
 *
 * @param images pixels 0 to 255.
 * @param sides longer sides that they are brought to; absent: they stay as large as they are
 * @returns one `data:image/png;base64,...` per picture.
 * @throws INVALID_IMAGES, MISSING_PEER
 */
export async function imageTiles(
  images: readonly ReportImage[],
  sides?: readonly number[],
): Promise<string[]> {
  const { encode } = await fastPng('imageTiles');
  return images.map((image, i) => {
    const { pixels, height, width, channels = 1 } = image;
    const size = height * width * channels;
    check(
      pixels.length === size && size > 0,
      'INVALID_IMAGES',
      () =>
        `imageTiles: an image of ${height} x ${width} with ${channels} channels has ${pixels.length} pixel values; expected ${size}, at least 1.`,
    );
    const shown = sides ? shrunkTo(sides[i], image) : image;
    const data = Uint8ClampedArray.from(shown.pixels);
    const png = encode({ data, height: shown.height, width: shown.width, channels });
    return `data:image/png;base64,${base64(png)}`;
  });
}

/** A picture whose longer side is at most `side`: itself where it is no larger. */
function shrunkTo(side: number, image: ReportImage): ReportImage {
  const { pixels, height, width, channels = 1 } = image;
  const ratio = side / Math.max(height, width);
  if (ratio >= 1) return image;
  const size = [height, width].map((length) => Math.max(1, Math.round(length * ratio)));
  const small = resize(
    Float32Array.from(pixels),
    [1, height, width, channels],
    [size[0], size[1]],
    { method: 'area', fit: 'stretch' },
  );
  return { pixels: small.map(Math.round), height: size[0], width: size[1], channels };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // Whole groups of three bytes at a time, so that no piece is padded.
  for (let at = 0; at < bytes.length; at += 24_573)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 24_573)));
  return text;
}
