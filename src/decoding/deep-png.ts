import { Unzlib } from 'fflate';
import { isSaladError } from '../support/errors.js';
import { fastPng } from '../support/fast-png.js';
import type { DecodedImage, ImageHeader } from './decoder.js';
import { FileBytes } from './file-bytes.js';
import { imageProblem } from './image-problem.js';
import { bitsInUse } from './significant-bits.js';

const IHDR = 0x49484452;
const IDAT = 0x49444154;
const IEND = 0x49454e44;
/** The one grey or colour that is transparent. */
const TRNS = 0x74524e53;
const SIGNATURE = 8;
/** Bytes inflated at a time: one makes at most 1032, so that a limit is passed by 8 MB at most. */
const STEP = 8192;

/**
 * PNG of 16 bits, exact, alpha over black.
 *
 * @throws IMAGE_INVALID; MISSING_PEER without the optional package fast-png
 */
export async function decodeDeepPng(
  where: string,
  bytes: Uint8Array,
  { height, width, channels, significant }: ImageHeader,
): Promise<DecodedImage> {
  const { decode } = await fastPng(where);
  // Four channels, a byte for each row, and twice of it all for interlacing.
  const most = 2 * height * (8 * width + 1);
  try {
    const kept = pixelChunks(where, bytes, most);
    const { data, channels: found, transparency } = decode(kept, { checkCrc: true });
    const pixels = overBlack(data as Uint16Array, found, channels);
    if (transparency?.length === found) blacken(pixels, transparency);
    const bitsStored = bitsInUse(pixels, significant);
    return {
      pixels,
      shape: [height, width, channels],
      ...(bitsStored !== undefined && { bitsStored }),
    };
  } catch (cause) {
    if (isSaladError(cause)) throw cause;
    throw imageProblem(
      'IMAGE_INVALID',
      where,
      'the pixels cannot be decoded',
      'expected an undamaged file; fetch it again',
      {},
      cause,
    );
  }
}

/** The chunks that hold the pixels, which must not inflate to more bytes than the header promises. */
function pixelChunks(where: string, bytes: Uint8Array, most: number): Uint8Array {
  const file = new FileBytes(where, bytes);
  const kept = [bytes.subarray(0, SIGNATURE)];
  let inflated = 0;
  const inflate = new Unzlib((piece) => {
    inflated += piece.length;
  });
  for (let at = SIGNATURE, name = 0; name !== IEND; ) {
    const end = at + 12 + file.uint(at, 4);
    name = file.uint(at + 4, 4);
    if ([IHDR, IDAT, IEND, TRNS].includes(name)) kept.push(bytes.subarray(at, end));
    for (let from = at + 8; name === IDAT && from < end - 4; from += STEP) {
      inflate.push(bytes.subarray(from, Math.min(from + STEP, end - 4)));
      if (inflated > most) throw file.invalid(`the PNG holds more than ${most} bytes of pixels`);
    }
    at = end;
  }
  const whole = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of kept) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
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

/** Black in place of one grey or colour. */
function blacken(pixels: Uint16Array, colour: Uint16Array): void {
  for (let i = 0; i < pixels.length; i += colour.length)
    if (colour.every((value, channel) => pixels[i + channel] === value))
      pixels.fill(0, i, i + colour.length);
}
