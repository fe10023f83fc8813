import { describe, expect, it } from 'vitest';
import { imageCount, toUnitRange } from '../../src/images/pixels.js';

describe('toUnitRange', () => {
  it('divides 8 bits by 255 and 16 bits by 2^bitsStored - 1', () => {
    const bytes = Uint8Array.of(0, 51, 255);
    expect([...toUnitRange({ pixels: bytes, shape: [1, 3, 1] })]).toEqual([
      0,
      Math.fround(51 / 255),
      1,
    ]);
    const words = Uint16Array.of(0, 1023, 341);
    expect([...toUnitRange({ pixels: words, shape: [1, 3, 1], bitsStored: 10 })]).toEqual([
      0,
      1,
      Math.fround(341 / 1023),
    ]);
    expect(toUnitRange({ pixels: words, shape: [1, 3, 1] })[1]).toBe(Math.fround(1023 / 65535));
  });

  it('passes float32 through as a copy', () => {
    const pixels = Float32Array.of(0, 0.25, 1);
    const values = toUnitRange({ pixels, shape: [1, 3, 1] });
    expect(values).toEqual(pixels);
    values[0] = 9;
    expect(pixels[0]).toBe(0);
  });

  it.each([Number.NaN, -0.001, 1.001, 255])('names the image and pixel that holds %d', (bad) => {
    const pixels = new Float32Array(2 * 3 * 4 * 2);
    pixels[24 + (2 * 4 + 1) * 2 + 1] = bad;
    expect(() => toUnitRange({ pixels, shape: [3, 4, 2] })).toThrow(
      /image 1 of the batch has .* at row 2, column 1, channel 1; expected 0 to 1.*PIXEL_RANGE/,
    );
  });

  it('refuses a 16-bit pixel above the bits in use', () => {
    const batch = { pixels: Uint16Array.of(5, 1024), shape: [1, 2, 1], bitsStored: 10 } as const;
    expect(() => toUnitRange(batch)).toThrow(/has 1024 at row 0, column 1.*bitsStored/);
    expect(() => toUnitRange({ ...batch, bitsStored: 17 })).toThrow(/INVALID_OPTION/);
  });
});

describe('imageCount', () => {
  it('is the number of whole images', () => {
    expect(imageCount('test', { pixels: new Uint8Array(24), shape: [2, 4, 1] })).toBe(3);
    expect(imageCount('test', { pixels: new Uint8Array(0), shape: [2, 4, 1] })).toBe(0);
  });
  it.each([undefined, null, {}, { pixels: new Uint8Array(8) }, { shape: [2, 4, 1] }])(
    'refuses %j, which holds no images',
    (batch) => {
      expect(() => imageCount('test', batch as never)).toThrow(
        /^test: got .*; expected images as .*\[INVALID_IMAGES\]$/,
      );
    },
  );
  it('says of bare pixels their type, not their numbers', () => {
    expect(() => imageCount('test', new Float32Array(4096) as never)).toThrow(
      'test: got an array of type Float32Array; expected images as',
    );
  });
  it('refuses a part of an image and a shape that is none', () => {
    expect(() => imageCount('test', { pixels: new Uint8Array(25), shape: [2, 4, 1] })).toThrow(
      /got 25 pixel values .* multiple of 8.*SHAPE_MISMATCH/,
    );
    expect(() => imageCount('test', { pixels: new Uint8Array(0), shape: [0, 4, 1] })).toThrow(
      /SHAPE_MISMATCH/,
    );
  });
});
