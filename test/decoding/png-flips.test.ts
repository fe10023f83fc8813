import { crc32, deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeDeepPng } from '../../src/decoding/deep-png.js';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { nodeImages } from '../../src/node/node-images.js';

// A flipped bit anywhere in a PNG is told, or gives the same pixels: also in the chunks that decoders pass over when they are damaged.

const limits = { maxPixels: 2 ** 16 };
const WIDTH = 5;
const HEIGHT = 4;

function chunk(name: string, content: Uint8Array | readonly number[]): Buffer {
  const bytes = Buffer.alloc(content.length + 12);
  bytes.writeUInt32BE(content.length);
  bytes.write(name, 4, 'latin1');
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), content.length + 8);
  return bytes;
}

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
  return Uint8Array.from(
    Buffer.concat([
      Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
      chunk('IHDR', header),
      ...chunks,
      chunk('IDAT', deflateSync(pixels)),
      chunk('IEND', []),
    ]),
  );
}

// TIFF 6.0 and EXIF: one tag, 0x0112 orientation, SHORT, 6 (turned).
const turned = [77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 7) & 255);
const opacities = Uint8Array.from({ length: 200 }, (_, i) => i);

const files: [string, Uint8Array][] = [
  ['a transparent grey', png(0, 8, chunk('tRNS', [0, 22]))],
  ['a transparent colour', png(2, 8, chunk('tRNS', [0, 11, 0, 22, 0, 33]))],
  ['an orientation', png(0, 8, chunk('eXIf', turned))],
  ['a palette with opacities', png(3, 8, chunk('PLTE', palette), chunk('tRNS', opacities))],
  ['significant bits', png(0, 16, chunk('sBIT', [12]))],
  ['a transparent deep grey', png(0, 16, chunk('tRNS', [11, 22]))],
  ['a gamma and a text', png(0, 8, chunk('gAMA', [0, 0, 177, 143]), chunk('tEXt', [97, 0, 98]))],
];

const decoder = nodeImages();
const inNode = async (bytes: Uint8Array) => {
  const { shape, pixels, bitsStored } = await decoder.decode(bytes, limits);
  return `${shape} ${bitsStored} ${pixels}`;
};
const inPage = async (bytes: Uint8Array) => {
  const header = readImageHeader('page', bytes, limits);
  // Of 8 bits the browser decodes; what of another depth is left to it is told by its header.
  if (header.bits !== 16) throw Object.assign(new Error('other'), { code: 'IMAGE_OTHER' });
  const { shape, pixels } = await decodeDeepPng('page', bytes, header);
  return `${shape} ${pixels}`;
};

it.each([
  ...files.map(([name, bytes]) => [name, 'sharp', bytes, inNode] as const),
  ...files
    .filter(([, bytes]) => bytes[24] === 16)
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
