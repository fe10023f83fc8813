import { crc32 } from '../support/crc32.js';
import type { ImageHeader } from './decoder.js';
import { FileBytes } from './file-bytes.js';
import { inflated } from './inflated.js';
import { unfiltered } from './png-filters.js';

const IDAT = 0x49444154;
const IEND = 0x49454e44;
/** What decides over pixels besides them: one transparent grey or colour, and an orientation. */
const OTHERS = [0x74524e53, 0x65584966];
/** Of grey and of colour, without alpha or palette. */
const COLOUR_TYPES = [0, 2];
const SIGNATURE = 8;
const HEADER_END = 33;

/**
 * The pixels of a PNG of 8 bits, grey or colour, as most films are: on the thread that asks, and without a canvas, whose pixels
 * take longer to read back than these take to decode.
 *
 * The sum at the end of the pixels is compared (Adler-32), that of each chunk of them is not.
 *
 * @param header what `readImageHeader` says of the file, which is whole
 * @returns [height, width, channels], flattened; undefined of any other PNG, and where anything is amiss: the browser's decoder
 *   is then asked, and says so
 */
export async function decodePlainPng(
  bytes: Uint8Array,
  { height, width, channels, bits }: ImageHeader,
): Promise<Uint8Array | undefined> {
  const [type, isInterlaced] = [bytes[25], bytes[28] !== 0];
  if (bits !== 8 || isInterlaced || !COLOUR_TYPES.includes(type) || !hasSoundHeader(bytes)) return;
  const pieces = pixelPieces(bytes);
  const row = width * channels;
  const raw = pieces && (await inflated(pieces, height * (1 + row)));
  return raw && unfiltered(raw, { height, row, step: channels });
}

function hasSoundHeader(bytes: Uint8Array): boolean {
  const sum = crc32(bytes.subarray(SIGNATURE + 4, HEADER_END - 4));
  return new FileBytes('', bytes).uint(HEADER_END - 4, 4) === sum;
}

/** The contents of the chunks of pixels; undefined where another chunk changes pixels. */
function pixelPieces(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const file = new FileBytes('', bytes);
  const pieces: Uint8Array[] = [];
  for (let at = SIGNATURE, name = 0; name !== IEND; ) {
    const end = at + 12 + file.uint(at, 4);
    name = file.uint(at + 4, 4);
    if (OTHERS.includes(name)) return undefined;
    if (name === IDAT) pieces.push(bytes.subarray(at + 8, end - 4));
    at = end;
  }
  return pieces;
}
