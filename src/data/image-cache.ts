import type { DecodedImage } from '../decoding/decoder.js';
import { emptyLike } from '../images/pixels.js';

/** The default of `cacheBytes`, what a source keeps in memory of its decoded images: 2^28 bytes. */
export const defaultCacheBytes = 2 ** 28;

/**
 * Decodes an image, or gives the one that was kept under its key.
 *
 * First come, first kept: an image stays for good while all that are kept fit `maxBytes`. So where a set fits, each image
 * is decoded once; where it does not, part of it is. An image that two reads ask for at once is decoded once; one that fails
 * is tried again by the next read.
 */
export function imageCache<Key>(
  maxBytes: number,
): (key: Key, decode: () => Promise<DecodedImage>) => Promise<DecodedImage> {
  if (maxBytes === 0) return (_, decode) => decode();
  const kept = new Map<Key, Promise<DecodedImage>>();
  let bytes = 0;
  const keep = async (key: Key, decode: () => Promise<DecodedImage>) => {
    try {
      const image = await decode();
      const size = image.pixels.byteLength + (image.mask?.byteLength ?? 0);
      if (bytes + size > maxBytes) {
        kept.delete(key);
        return image;
      }
      bytes += size;
      return compact(image);
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
  return (key, decode) => {
    const image = kept.get(key) ?? keep(key, decode);
    kept.set(key, image);
    return image;
  };
}

/** Without what is not its pixels, and without the memory around them, which would stay with them. */
function compact({ pixels, shape, bitsStored, mask }: DecodedImage): DecodedImage {
  const own =
    pixels.byteLength < pixels.buffer.byteLength ? emptyLike(pixels, pixels.length) : pixels;
  if (own !== pixels) own.set(pixels);
  return {
    pixels: own,
    shape,
    ...(bitsStored !== undefined && { bitsStored }),
    ...(mask && { mask: Uint8Array.from(mask) }),
  };
}
