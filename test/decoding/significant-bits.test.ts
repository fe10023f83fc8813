import { crc32 } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodeDeepPng } from '../../src/decoding/deep-png.js';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { bitsInUse } from '../../src/decoding/significant-bits.js';
import { nodeImages } from '../../src/node/node-images.js';

/** A grey or colour PNG of 16 bits that calls some of them significant. */
function pngOf(values: readonly number[], significant?: readonly number[], channels: 1 | 3 = 1) {
  const width = values.length / channels;
  const png = encode({ width, height: 1, data: Uint16Array.from(values), channels, depth: 16 });
  if (!significant) return png;
  const chunk = new Uint8Array(12 + significant.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, significant.length);
  chunk.set(new TextEncoder().encode('sBIT'), 4);
  chunk.set(significant, 8);
  view.setUint32(8 + significant.length, crc32(chunk.subarray(4, -4)));
  return Uint8Array.from([...png.subarray(0, 33), ...chunk, ...png.subarray(33)]);
}

const limits = { maxPixels: 2 ** 20 };
const inNode = (bytes: Uint8Array) => nodeImages().decode(bytes, limits);
const inPage = (bytes: Uint8Array) =>
  decodeDeepPng('test', bytes, readImageHeader('test', bytes, limits));

/** 12 bits scaled up by repeated bits, as the specification has it: v << 4 | v >> 8. */
const scaled = [0, 16, 257, 4095].map((value) => (value << 4) | (value >> 8));

describe.each([
  ['in Node', inNode],
  ['in a page', inPage],
])('a PNG of 16 bits %s', (_, decode) => {
  it.each<[string, number[], number[] | undefined, 1 | 3, number | undefined]>([
    ['no sBIT', [0, 4032, 64, 65], undefined, 1, undefined],
    ['sBIT 12, values as they are', [0, 4032, 64, 4095], [12], 1, 12],
    ['sBIT 12, values scaled up', scaled, [12], 1, undefined],
    ['sBIT 12, scaled up and dark', [0, 16, 3856], [12], 1, undefined],
    ['sBIT 16', [0, 4032, 64, 65], [16], 1, undefined],
    ['sBIT 10, values as they are', [0, 1023, 512, 3], [10], 1, 10],
    ['sBIT 10, values above them', [0, 1024, 512, 3], [10], 1, undefined],
    ['colour of 10, 12 and 11 bits', [1, 4001, 3, 4, 5, 7], [10, 12, 11], 3, 12],
  ])('has its values, and its bits: %s', async (_, values, significant, channels, bits) => {
    const image = await decode(pngOf(values, significant, channels));
    expect([...image.pixels]).toEqual(values);
    expect(image.bitsStored).toBe(bits);
  });

  it('is refused where the chunk is cut short', async () => {
    const png = pngOf([1, 2], [12]);
    await expect(async () => decode(png.subarray(0, 40))).rejects.toMatchObject({
      code: 'IMAGE_TRUNCATED',
    });
  });
});

it('finds scaled values of every depth, rounded and repeated', () => {
  for (let bits = 2; bits < 16; bits++) {
    const top = 2 ** bits - 1;
    const all = Array.from({ length: top + 1 }, (_, value) => value);
    const rounded = all.map((value) => Math.round((value * 65535) / top));
    // No value is above 2^b - 1, as in a dark image, and still all 16 bits are in use.
    const dark = rounded.filter((value) => value <= top);
    expect(bitsInUse(Uint16Array.from(dark), bits)).toBeUndefined();
    expect(bitsInUse(Uint16Array.from([...dark, 1]), bits)).toBe(bits);
  }
});
