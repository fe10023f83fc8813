import { crc32 } from 'node:zlib';
import { encode } from 'fast-png';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeDeepPng } from '../../src/decoding/deep-png.js';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { expectedImages, imageFile } from './fixtures.js';

const decode = async (bytes: Uint8Array) =>
  decodeDeepPng('test', bytes, readImageHeader('test', bytes, { maxPixels: 2 ** 20 }));

/** A PNG with a chunk put before its pixels. */
function withChunk(png: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(content.length + 12);
  new DataView(chunk.buffer).setUint32(0, content.length);
  chunk.set(new TextEncoder().encode(name), 4);
  chunk.set(content, 8);
  new DataView(chunk.buffer).setUint32(content.length + 8, crc32(chunk.subarray(4, -4)));
  return Uint8Array.from([...png.subarray(0, 33), ...chunk, ...png.subarray(33)]);
}

describe('decodeDeepPng', () => {
  it.each(['grey16.png', 'colour16.png'])('reads %s exactly', async (name) => {
    const { pixels, shape } = await decode(imageFile(name));
    expect(shape).toEqual(expectedImages[name].shape);
    expect([...pixels]).toEqual(expectedImages[name].pixels);
  });

  it('lays alpha over black', async () => {
    const grey = Uint16Array.of(65535, 65535, 65535, 0, 1000, 32768, 3, 65534);
    const file = encode({ width: 2, height: 2, data: grey, channels: 2, depth: 16 });
    const { pixels, shape } = await decode(file);
    expect(shape).toEqual([2, 2, 1]);
    expect([...pixels]).toEqual([65535, 0, 500, 3]);
    const colour = Uint16Array.of(100, 200, 300, 65535, 100, 200, 300, 0);
    const both = encode({ width: 2, height: 1, data: colour, channels: 4, depth: 16 });
    expect([...(await decode(both)).pixels]).toEqual([100, 200, 300, 0, 0, 0]);
  });

  it('lays the one value that stands for nothing over black', async () => {
    const grey = encode({
      width: 3,
      height: 1,
      data: Uint16Array.of(7, 1234, 8),
      channels: 1,
      depth: 16,
    });
    const marked = withChunk(grey, 'tRNS', Uint8Array.of(0x04, 0xd2));
    expect([...(await decode(marked)).pixels]).toEqual([7, 0, 8]);
    const data = Uint16Array.of(1, 2, 3, 1, 2, 4, 5, 6, 7);
    const colour = encode({ width: 3, height: 1, data, channels: 3, depth: 16 });
    const both = withChunk(colour, 'tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3));
    expect([...(await decode(both)).pixels]).toEqual([0, 0, 0, 1, 2, 4, 5, 6, 7]);
  });

  it('refuses pixels that inflate to more than the header promises, before all are', async () => {
    // 64 MiB of zeros in the place of 70 bytes.
    const bomb = withChunk(imageFile('grey16.png'), 'IDAT', zlibSync(new Uint8Array(2 ** 26)));
    await expect(decode(bomb)).rejects.toThrow('the PNG holds more than 570 bytes of pixels');
  });

  it('does not look at chunks that are not pixels', async () => {
    const name = new TextEncoder().encode('icc\0\0');
    const profile = Uint8Array.from([...name, ...zlibSync(new Uint8Array(2 ** 20))]);
    const { pixels } = await decode(withChunk(imageFile('grey16.png'), 'iCCP', profile));
    expect([...pixels]).toEqual(expectedImages['grey16.png'].pixels);
  });
});
