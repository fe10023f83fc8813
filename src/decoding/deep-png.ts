import { missingPeer } from '../support/missing-peer.js';
import type { DecodedImage } from './decoder.js';
import type { ImageHeader } from './image-header.js';
import { imageProblem } from './image-problem.js';

/**
 * PNG of 16 bits, exact, alpha over black.
 *
 * @throws IMAGE_INVALID; MISSING_PEER without the optional package fast-png
 */
export async function decodeDeepPng(
  where: string,
  bytes: Uint8Array,
  { height, width, channels }: ImageHeader,
): Promise<DecodedImage> {
  const { decode } = await import('fast-png').catch(missingPeer(where, 'fast-png'));
  try {
    const { data, channels: found } = decode(bytes, { checkCrc: true });
    const pixels = overBlack(data as Uint16Array, found, channels);
    return { pixels, shape: [height, width, channels] };
  } catch (cause) {
    throw imageProblem(
      'IMAGE_INVALID',
      where,
      `fast-png cannot decode the pixels (${cause instanceof Error ? cause.message : cause})`,
      'expected an undamaged file; fetch it again',
      {},
      cause,
    );
  }
}

/** Where there is one channel more than asked for, it is alpha. */
function overBlack(values: Uint16Array, found: number, channels: number): Uint16Array {
  if (found === channels) return values;
  const pixels = new Uint16Array((values.length / found) * channels);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = Math.floor(i / channels) * found;
    pixels[i] = Math.round((values[pixel + (i % channels)] * values[pixel + channels]) / 65535);
  }
  return pixels;
}
