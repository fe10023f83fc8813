import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeImages } from '../../src/node/index.js';

const WIDTH = 7;
const HEIGHT = 5;
/** From black to white and back, so that neither order nor scale can be mistaken. */
const ramp = (bits: number, step = 1) =>
  Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    Math.round(((2 ** bits - 1) * ((i * step) % 35)) / 34),
  );

/** Rows of values of so many bits, each beginning with a byte (TIFF 6.0, section 3). */
function packed(values: readonly number[], bits: number, perRow: number): number[] {
  if (bits === 16) return values.flatMap((value) => [value & 255, value >> 8]);
  const rows = Array.from({ length: values.length / perRow }, (_, row) =>
    values
      .slice(row * perRow, (row + 1) * perRow)
      .map((value) => value.toString(2).padStart(bits, '0'))
      .join(''),
  );
  return rows.flatMap((row) =>
    (row.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)),
  );
}

/** A TIFF of one strip; `tags` are 16-bit numbers and replace those of plain grey. */
function tiff(data: readonly number[], tags: Record<number, readonly number[]> = {}): Uint8Array {
  const all: Record<number, readonly number[]> = {
    256: [WIDTH],
    257: [HEIGHT],
    258: [8],
    259: [1],
    262: [1],
    273: [8],
    277: [1],
    278: [HEIGHT],
    279: [data.length],
    ...tags,
  };
  const directory = 8 + data.length + (data.length % 2);
  const entries = Object.entries(all);
  const behind = directory + 2 + 12 * entries.length + 4;
  const bytes = new Uint8Array(behind + 16 * entries.length);
  bytes.set([0x49, 0x49, 42, 0]);
  bytes.set(data, 8);
  const file = new DataView(bytes.buffer);
  file.setUint32(4, directory, true);
  file.setUint16(directory, entries.length, true);
  entries.forEach(([tag, values], i) => {
    const at = directory + 2 + 12 * i;
    file.setUint16(at, Number(tag), true);
    file.setUint16(at + 2, 3, true);
    file.setUint32(at + 4, values.length, true);
    const start = values.length > 2 ? behind + 16 * i : at + 8;
    if (values.length > 2) file.setUint32(at + 8, start, true);
    for (const [k, value] of values.entries()) file.setUint16(start + 2 * k, value, true);
  });
  return bytes;
}

const decode = (file: Uint8Array) => nodeImages().decode(file, { maxPixels: 1e6 });
const grey = (bits: number) => packed(ramp(bits), bits, WIDTH);
/** Pixels of several samples each. */
const together = (...samples: number[][]) => samples[0].flatMap((_, i) => samples.map((s) => s[i]));
const rgb = [ramp(8), ramp(8, 2), ramp(8, 3)];

describe('TIFF', () => {
  it.each([1, 2, 4, 8, 16])('of %i bits is read exactly', async (bits) => {
    const { pixels, shape } = await decode(tiff(grey(bits), { 258: [bits] }));
    expect(shape).toEqual([HEIGHT, WIDTH, 1]);
    const scale = bits < 8 ? 255 / (2 ** bits - 1) : 1;
    expect(Array.from(pixels)).toEqual(ramp(bits).map((value) => value * scale));
  });

  // Pillow and tifffile read those of 12 bits, libtiff any.
  it.each([3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15])(
    'of %i bits is no damaged file but an unsupported one',
    async (bits) => {
      for (const white of [0, 1])
        await expect(decode(tiff(grey(bits), { 258: [bits], 262: [white] }))).rejects.toMatchObject(
          {
            code: 'IMAGE_UNSUPPORTED',
            message: expect.stringMatching(
              `samples of ${bits} bits; expected 1, 2, 4, 8 or 16 alike; convert it to PNG`,
            ),
          },
        );
      const deflated = [...deflateSync(Uint8Array.from(grey(bits)))];
      await expect(decode(tiff(deflated, { 258: [bits], 259: [8] }))).rejects.toMatchObject({
        code: 'IMAGE_UNSUPPORTED',
      });
    },
  );

  it.each<[string, Record<number, number[]>, RegExp]>([
    [
      'colour of 4 bits',
      { 258: [4, 4, 4], 262: [2], 277: [3] },
      /samples of 4, 4, 4 bits; expected 8 or 16/,
    ],
    ['colour of 12 bits', { 258: [12, 12, 12], 262: [2], 277: [3] }, /samples of 12, 12, 12 bits/],
    [
      'samples of different bits',
      { 258: [8, 8, 4], 262: [2], 277: [3] },
      /samples of 8, 8, 4 bits/,
    ],
    ['32 bits', { 258: [32] }, /samples of 32 bits/],
    ['numbers with a sign', { 258: [16], 339: [2] }, /sample format 2/],
    [
      'CMYK',
      { 258: [8, 8, 8, 8], 262: [5], 277: [4] },
      /4 samples of photometric interpretation 5/,
    ],
    ['CIELab', { 258: [8, 8, 8], 262: [8], 277: [3] }, /photometric interpretation 8/],
    ['a mask of transparency', { 258: [1], 262: [4] }, /photometric interpretation 4/],
    [
      'two extra samples',
      { 258: [8, 8, 8], 277: [3], 338: [0, 0] },
      /3 samples of photometric interpretation 1/,
    ],
    [
      'an extra sample of an unknown kind',
      { 258: [8, 8], 277: [2], 338: [7] },
      /extra sample of kind 7/,
    ],
    [
      'an extra sample that is not named',
      { 258: [8, 8], 277: [2] },
      /extra sample of kind unknown/,
    ],
    ['JPEG 2000 within', { 259: [34712] }, /compression 34712/],
  ])('with %s is unsupported', async (_, tags, words) => {
    await expect(decode(tiff(together(...rgb, ramp(8)), tags))).rejects.toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
      message: expect.stringMatching(words),
    });
  });

  // As Pillow, which gives L and RGB of these.
  it('has no alpha in an extra sample of no kind', async () => {
    const one = await decode(
      tiff(together(ramp(8), ramp(8, 4)), { 258: [8, 8], 277: [2], 338: [0] }),
    );
    expect([one.shape, Array.from(one.pixels)]).toEqual([[HEIGHT, WIDTH, 1], ramp(8)]);
    const deep = packed(together(ramp(16), ramp(16, 4)), 16, 2 * WIDTH);
    const sixteen = await decode(tiff(deep, { 258: [16, 16], 277: [2], 338: [0] }));
    expect(Array.from(sixteen.pixels)).toEqual(ramp(16));
    const four = { 258: [8, 8, 8, 8], 262: [2], 277: [4], 338: [0] };
    const colour = await decode(tiff(together(...rgb, ramp(8, 4)), four));
    expect([colour.shape, Array.from(colour.pixels)]).toEqual([
      [HEIGHT, WIDTH, 3],
      together(...rgb),
    ]);
  });

  it('has alpha in one that says so, laid over black', async () => {
    const alpha = ramp(8, 4);
    const { pixels } = await decode(
      tiff(together(ramp(8), alpha), { 258: [8, 8], 277: [2], 338: [2] }),
    );
    const wanted = ramp(8).map((value, i) => (value * alpha[i]) / 255);
    for (const [i, value] of wanted.entries())
      expect(Math.abs(pixels[i] - value)).toBeLessThanOrEqual(1);
  });
});
