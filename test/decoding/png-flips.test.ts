import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeDeepPng } from '../../src/decoding/deep-png.js';
import { decodePlainPng } from '../../src/decoding/plain-png.js';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { nodeImages } from '../../src/node/node-images.js';
import { chunk, pngOfChunks } from './png-chunks.js';

// A flipped bit anywhere in a PNG is told, or gives the same pixels: also in the chunks that decoders pass over when they are damaged.

const limits = { maxPixels: 2 ** 16 };
const WIDTH = 5;
const HEIGHT = 4;

/** An image of the colour type and bits, with chunks before its pixels. */
function png(type: number, bits: number, ...chunks: Buffer[]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH);
  header.writeUInt32BE(HEIGHT, 4);
  header[8] = bits;
  header[9] = type;
  const row = WIDTH * (bits / 8) * (type === 2 ? 3 : 1);
  const pixels = Buffer.alloc(HEIGHT * (1 + row));
  for (let i = 0; i < pixels.length; i++) pixels[i] = i % (1 + row) === 0 ? 0 : (i * 11) & 255;
  return pngOfChunks(
    chunk('IHDR', header),
    ...chunks,
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', []),
  );
}

// TIFF 6.0 and EXIF: one tag, 0x0112 orientation, SHORT, 6 (turned).
const turned = [77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 7) & 255);
const opacities = Uint8Array.from({ length: 200 }, (_, i) => i);

const PLAIN = 'a gamma and a text';
const files: [string, Uint8Array][] = [
  ['a transparent grey', png(0, 8, chunk('tRNS', [0, 22]))],
  ['a transparent colour', png(2, 8, chunk('tRNS', [0, 11, 0, 22, 0, 33]))],
  ['an orientation', png(0, 8, chunk('eXIf', turned))],
  ['a palette with opacities', png(3, 8, chunk('PLTE', palette), chunk('tRNS', opacities))],
  ['significant bits', png(0, 16, chunk('sBIT', [12]))],
  ['a transparent deep grey', png(0, 16, chunk('tRNS', [11, 22]))],
  [PLAIN, png(0, 8, chunk('gAMA', [0, 0, 177, 143]), chunk('tEXt', [97, 0, 98]))],
];

const decoder = nodeImages();
const inNode = async (bytes: Uint8Array) => {
  const { shape, pixels, bitsStored } = await decoder.decode(bytes, limits);
  return `${shape} ${bitsStored} ${pixels}`;
};
const inPage = async (bytes: Uint8Array) => {
  const header = readImageHeader('page', bytes, limits);
  if (header.bits === 16) {
    const { shape, pixels } = await decodeDeepPng('page', bytes, header);
    return `${shape} ${pixels}`;
  }
  const { height, width, channels } = header;
  const pixels = await decodePlainPng(bytes, header);
  // What is left to the browser it tells itself.
  if (!pixels) throw Object.assign(new Error('other'), { code: 'IMAGE_OTHER' });
  return `${[height, width, channels]} ${pixels}`;
};

it.each([
  ...files.map(([name, bytes]) => [name, 'sharp', bytes, inNode] as const),
  ...files
    .filter(([name, bytes]) => bytes[24] === 16 || name === PLAIN)
    .map(([name, bytes]) => [name, 'a page', bytes, inPage] as const),
])('with %s, decoded by %s', async (_, __, bytes, decode) => {
  const expected = await decode(bytes);
  const silent: number[] = [];
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3] ^= 1 << (bit & 7);
    const found = await decode(damaged).catch((error) => {
      expect(error.code).toMatch(/^IMAGE_/);
      return expected;
    });
    if (found !== expected) silent.push(bit);
  }
  expect(silent).toEqual([]);
});
