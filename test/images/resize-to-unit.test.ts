import { describe, expect, it } from 'vitest';
import { unitRange } from '../../src/images/pixels.js';
import { resize } from '../../src/images/resize.js';
import { resizeToUnit } from '../../src/images/resize-to-unit.js';
import { RandomStream } from '../../src/support/random.js';

const names = { where: 'test' };

describe('resizeToUnit', () => {
  it.each([
    [1, 40, 37, 'area', 'stretch'],
    [1, 9, 30, 'bilinear', 'pad'],
    [3, 21, 16, 'area', 'pad'],
  ] as const)(
    'of bytes is what two steps make of them, to the bit: %i channels, %i x %i, %s, %s',
    (channels, height, width, method, fit) => {
      const random = new RandomStream(3);
      const length = height * width * channels;
      const shape = [height, width, channels] as const;
      const pixels = Uint8Array.from({ length }, () => random.integer(256));
      const image = { pixels, shape };
      const steps = resize(unitRange(image, names), [1, ...shape], [8, 8], { method, fit });
      expect(resizeToUnit(image, names, [8, 8], { method, fit })).toEqual(steps);
    },
  );

  it('takes other depths, and names a pixel that is none', () => {
    const policy = { method: 'area', fit: 'stretch' } as const;
    const deep = {
      pixels: Uint16Array.of(0, 4095, 0, 4095),
      shape: [1, 4, 1] as const,
      bitsStored: 12,
    };
    expect([...resizeToUnit(deep, names, [1, 2], policy)]).toEqual([0.5, 0.5]);
    const wrong = { pixels: Float32Array.of(0, 2), shape: [1, 2, 1] as const };
    expect(() => resizeToUnit(wrong, names, [1, 1], policy)).toThrow(/PIXEL_RANGE/);
  });
});
