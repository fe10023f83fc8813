import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { expectedImages, imageFile } from './fixtures.js';

const limits = { maxPixels: 2 ** 26 };
const read = (bytes: Uint8Array) => readImageHeader('test', bytes, limits);
const codeOf = (bytes: Uint8Array) => {
  try {
    read(bytes);
    return 'read';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
const names = Object.keys(expectedImages);

describe('readImageHeader', () => {
  it.each(names)('tells the size of %s', (name) => {
    const { shape, bits } = expectedImages[name];
    const header = read(imageFile(name));
    const [height, width] = name === 'turned.jpg' ? [shape[1], shape[0]] : shape;
    expect(header).toMatchObject({ height, width, channels: shape[2] });
    expect(header.bits > 8 ? 16 : 8).toBe(bits);
  });

  it.each([
    ['grey8.png', 16, 4],
    ['grey8.png', 20, 4],
    ['grey.jpg', frameOf('grey.jpg') + 5, 2],
  ])('refuses %s with a side of 0', (name, at, length) => {
    const bytes = imageFile(name);
    bytes.fill(0, at, at + length);
    expect(codeOf(bytes)).toBe('IMAGE_INVALID');
  });

  it('refuses a size beyond the limit, however it is written', () => {
    const png = imageFile('grey8.png');
    png.fill(0xff, 16, 24);
    expect(codeOf(png)).toBe('IMAGE_TOO_LARGE');
    const jpeg = imageFile('grey.jpg');
    jpeg.fill(0xff, frameOf('grey.jpg') + 5, frameOf('grey.jpg') + 9);
    expect(codeOf(jpeg)).toBe('IMAGE_TOO_LARGE');
  });

  it('refuses an animated PNG by name', () => {
    const png = imageFile('grey8.png');
    const control = [0, 0, 0, 8, ...Buffer.from('acTL'), 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0];
    const animated = Uint8Array.from([...png.subarray(0, 33), ...control, ...png.subarray(33)]);
    expect(() => read(animated)).toThrow('the PNG is animated');
    expect(codeOf(animated)).toBe('IMAGE_UNSUPPORTED');
  });

  it('names the processes of JPEG that are not decoded', () => {
    for (const [marker, words] of [
      [0xc3, 'SOF3'],
      [0xc9, 'SOF9'],
      [0xf7, 'JPEG-LS'],
    ] as const) {
      const bytes = imageFile('grey.jpg');
      bytes[frameOf('grey.jpg') + 1] = marker;
      expect(() => read(bytes)).toThrow(words);
      expect(codeOf(bytes)).toBe('IMAGE_UNSUPPORTED');
    }
    const deep = imageFile('grey.jpg');
    deep[frameOf('grey.jpg') + 4] = 12;
    expect(() => read(deep)).toThrow('the JPEG has 12 bits a channel');
    const inks = imageFile('grey.jpg');
    inks[frameOf('grey.jpg') + 9] = 4;
    expect(() => read(inks)).toThrow('the JPEG has 4 channels (CMYK)');
    expect(codeOf(inks)).toBe('IMAGE_UNSUPPORTED');
  });

  it('ends with a header or a refusal, whatever is cut and changed', () => {
    const codes = [
      'read',
      'IMAGE_TRUNCATED',
      'IMAGE_INVALID',
      'IMAGE_UNSUPPORTED',
      'IMAGE_TOO_LARGE',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
        fc.nat(400),
        (name, changes, cut) => {
          const bytes = imageFile(name);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          expect(codes).toContain(codeOf(bytes.subarray(0, Math.max(1, bytes.length - cut))));
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });
});

/** Where the frame of a baseline JPEG begins. */
function frameOf(name: string): number {
  const bytes = imageFile(name);
  return bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
}
