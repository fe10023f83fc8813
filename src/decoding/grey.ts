import { emptyLike } from '../images/pixels.js';
import { check } from '../support/check.js';
import type { DecodedImage } from './decoder.js';

type Pixels = DecodedImage['pixels'];

/**
 * The image with 1 or 3 channels.
 *
 *     grey = floor((19595 R + 38470 G + 7471 B) / 65536 + 1/2)
 *
 * which is the luma of Rec. ITU-R BT.601 on the values as stored, in the whole numbers that Pillow
 * uses; float32 pixels are not rounded. Grey becomes colour by repetition.
 *
 * @param where the call, and the name of the image, for errors
 * @throws SHAPE_MISMATCH where it has other than 1 or 3
 */
export function withChannels(
  image: DecodedImage,
  channels: 1 | 3,
  where = 'withChannels',
): DecodedImage {
  const { pixels, shape } = image;
  const [height, width, found] = shape;
  check(
    found === 1 || found === 3,
    'SHAPE_MISMATCH',
    () =>
      `${where}: the decoder gave an image of shape [${shape.join(', ')}]; expected 1 or 3 channels; lay alpha over black.`,
    { shape },
  );
  if (found === channels) return image;
  const result = channels === 1 ? luma(pixels, height * width) : repeated(pixels);
  return { ...image, pixels: result, shape: [height, width, channels] };
}

function luma(pixels: Pixels, count: number): Pixels {
  if (pixels instanceof Uint8Array) return lumaOfBytes(pixels, count);
  const grey = emptyLike(pixels, count);
  const [half, round] = grey instanceof Float32Array ? [0, (x: number) => x] : [0.5, Math.floor];
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    const sum = 19595 * pixels[at] + 38470 * pixels[at + 1] + 7471 * pixels[at + 2];
    grey[i] = round(sum / 65536 + half);
  }
  return grey;
}

/** The same of most files, in whole numbers of 32 bits. */
function lumaOfBytes(pixels: Uint8Array, count: number): Uint8Array {
  const grey = new Uint8Array(count);
  for (let i = 0, at = 0; i < count; i++, at += 3)
    grey[i] = (19595 * pixels[at] + 38470 * pixels[at + 1] + 7471 * pixels[at + 2] + 32768) >>> 16;
  return grey;
}

function repeated(pixels: Pixels): Pixels {
  const colour = emptyLike(pixels, pixels.length * 3);
  for (let i = 0; i < pixels.length; i++) colour.fill(pixels[i], 3 * i, 3 * i + 3);
  return colour;
}
