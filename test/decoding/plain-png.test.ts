import { deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePlainPng } from '../../src/decoding/plain-png.js';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { expectedImages, imageFile } from './fixtures.js';
import { chunk, pngOfChunks } from './png-chunks.js';

const decode = (bytes: Uint8Array) =>
  decodePlainPng(bytes, readImageHeader('test', bytes, { maxPixels: 2 ** 24 }));

/** A PNG of given rows, each with the number of its filter before it. */
function ofRows(type: 0 | 2, width: number, rows: readonly (readonly number[])[]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, type], 8);
  const pixels = deflateSync(Uint8Array.from(rows.flat()));
  // Two chunks of pixels: what is coded goes on from one to the next.
  return pngOfChunks(
    chunk('IHDR', header),
    chunk('IDAT', pixels.subarray(0, 5)),
    chunk('IDAT', pixels.subarray(5)),
    chunk('IEND', []),
  );
}

/** A smooth picture with noise, so that an encoder chooses among all filters. */
const pixelsOf = (length: number) =>
  Uint8Array.from({ length }, (_, i) => 128 + 90 * Math.sin(i / 37) + ((i * 7919) % 13));

describe('decodePlainPng', () => {
  it.each(['grey8.png', 'colour8.png', 'gamma.png'])('reads %s exactly', async (name) => {
    expect([...(await decode(imageFile(name)))!]).toEqual(expectedImages[name].pixels);
  });

  it('undoes each filter, by hand', async () => {
    const grey = ofRows(0, 3, [
      [3, 10, 1, 1], // average in the first row: nothing above; half of the left
      [0, 7, 8, 9],
      [1, 5, 250, 3], // left, beyond 255
      [2, 1, 1, 1], // above
      [3, 4, 5, 6], // half of the sum of left and above
      [4, 1, 2, 3], // Paeth
    ]);
    expect([...(await decode(grey))!]).toEqual([
      ...[10, 1 + 5, 1 + 3],
      ...[7, 8, 9],
      ...[5, 255, 2],
      ...[6, 0, 3],
      // 4 + 3; 5 + (7 + 0) / 2; 6 + (8 + 3) / 2, each rounded down
      ...[7, 8, 11],
      // 1 + 7; then left 8, above 8, above left 7: 9 is as near to left as to above, left goes first; then 10, 11, 8: 13, above is nearest
      ...[8, 2 + 8, 3 + 11],
    ]);
  });

  it.each([
    [1, 300, 211],
    [3, 97, 130],
  ] as const)('reads %i channels as an encoder filtered them', async (channels, width, height) => {
    const pixels = pixelsOf(width * height * channels);
    const png = await sharp(pixels, { raw: { width, height, channels } })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .png({ adaptiveFiltering: true })
      .toBuffer();
    const decoded = await decode(Uint8Array.from(png));
    expect(Buffer.compare(decoded!, pixels)).toBe(0);
  });

  it('leaves other kinds to the browser', async () => {
    for (const name of ['grey1.png', 'grey16.png', 'palette.png', 'grey-alpha8.png'])
      expect(await decode(imageFile(name)), name).toBeUndefined();
    const raw = { width: 3, height: 3, channels: 1 } as const;
    const interlaced = await sharp(new Uint8Array(9), { raw })
      .toColourspace('b-w')
      .png({ progressive: true })
      .toBuffer();
    expect(await decode(Uint8Array.from(interlaced))).toBeUndefined();
    const alpha = encode({ width: 1, height: 1, data: Uint8Array.of(1, 2), channels: 2 });
    expect(await decode(alpha)).toBeUndefined();
  });

  it('leaves to the browser what is damaged, too short or too long', async () => {
    const rows = [
      [0, 1, 2],
      [0, 3, 4],
    ];
    expect(await decode(ofRows(0, 2, rows))).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(
      await decode(
        ofRows(0, 2, [
          [0, 1, 2],
          [0, 3],
        ]),
      ),
    ).toBeUndefined();
    expect(await decode(ofRows(0, 2, [...rows.slice(1), [0, 3, 4, 5]]))).toBeUndefined();
    expect(await decode(ofRows(0, 2, [[5, 1, 2]]))).toBeUndefined();
    const bomb = ofRows(0, 2, [new Array(2 ** 20).fill(0)]);
    expect(await decode(bomb)).toBeUndefined();
    const damaged = imageFile('grey8.png');
    for (let i = 45; i < 60; i++) damaged[i] ^= 0x5a;
    expect(await decode(damaged)).toBeUndefined();
  });
});
