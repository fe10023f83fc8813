import { describe, expect, it } from 'vitest';
import { withChannels } from '../../src/decoding/grey.js';

/** The formula of the documentation, in doubles. */
const luma = (r: number, g: number, b: number) => (19595 * r + 38470 * g + 7471 * b) / 65536;

describe('withChannels', () => {
  it('makes grey of bytes by the same whole numbers as of any others', () => {
    const values = Array.from({ length: 52 }, (_, i) => 5 * i);
    const pixels = Uint8Array.from(
      values.flatMap((r) => values.flatMap((g) => values.flatMap((b) => [r, g, b]))),
    );
    const shape = [52, 52 * 52, 3] as const;
    const grey = withChannels({ pixels, shape }, 1);
    const wide = withChannels({ pixels: Uint16Array.from(pixels), shape }, 1);
    const expected = Array.from({ length: 52 ** 3 }, (_, i) =>
      Math.floor(luma(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) + 0.5),
    );
    expect(grey.shape).toEqual([52, 52 * 52, 1]);
    expect(grey.pixels).toEqual(Uint8Array.from(expected));
    expect(wide.pixels).toEqual(Uint16Array.from(expected));
  });

  it('holds the ends of each type, and does not round floats', () => {
    const white = (pixels: Uint8Array | Uint16Array | Float32Array) =>
      withChannels({ pixels, shape: [1, 1, 3] }, 1).pixels[0];
    expect(white(Uint8Array.of(255, 255, 255))).toBe(255);
    expect(white(Uint16Array.of(65535, 65535, 65535))).toBe(65535);
    expect(white(Float32Array.of(0.5, 0.25, 1))).toBe(Math.fround(luma(0.5, 0.25, 1)));
  });
});
