import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { encodePng, implantLesion, overlay, pointing } from '../../src/explain/index.js';
import { smooth } from '../../src/explain/smooth.js';

const grey = (side: number, value: number) =>
  ({ pixels: new Float32Array(side * side).fill(value), shape: [side, side, 1] }) as const;

describe('smooth', () => {
  it('keeps a flat map flat up to the border, and spreads a point evenly', () => {
    for (const value of smooth(new Float32Array(35).fill(3), [5, 7], 1.5))
      expect(value).toBeCloseTo(3, 5);
    const point = new Float32Array(15 * 15);
    point[7 * 15 + 7] = 1;
    const spread = smooth(point, [15, 15], 1);
    expect(spread.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    // exp(-1/2) of the peak one standard deviation away, on either axis.
    for (const at of [7 * 15 + 8, 8 * 15 + 7])
      expect(spread[at] / spread[7 * 15 + 7]).toBeCloseTo(Math.exp(-0.5), 4);
    expect(smooth(point, [15, 15], 0)).toEqual(point);
  });
});

describe('implantLesion', () => {
  it('brightens what its mask covers, and hardly anything else', () => {
    const image = grey(32, 0.25);
    const { image: changed, mask } = implantLesion(image, { seed: 5, strength: 0.4 });
    const added = changed.pixels.map((value) => value - 0.25);
    expect(Math.max(...added)).toBeGreaterThan(0.35);
    added.forEach((value, i) => {
      if (mask[i]) expect(value).toBeGreaterThanOrEqual(0.0399);
      else expect(value).toBeLessThan(0.0401);
    });
    expect(image.pixels.every((value) => value === 0.25)).toBe(true);
    expect(implantLesion(image, { seed: 5, strength: 0.4 }).mask).toEqual(mask);
    expect(implantLesion(image, { seed: 6, strength: 0.4 }).mask).not.toEqual(mask);
  });

  it('stays within [0, 1] and takes one image', () => {
    const bright = implantLesion(grey(16, 0.9), { seed: 1, strength: 1 });
    expect(Math.max(...bright.image.pixels)).toBe(1);
    expect(() =>
      implantLesion({ pixels: new Float32Array(32), shape: [4, 4, 1] }, { seed: 1 }),
    ).toThrow(/got 2 images.*SHAPE_MISMATCH/);
  });
});

describe('pointing', () => {
  const place = { mask: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0), height: 3, width: 3 };

  it('hits where the highest pixel lies inside, whatever the sizes', () => {
    const values = new Float32Array(36).fill(1);
    values[7] = 3; // row 1, column 1 of 6 x 6: in the first third of both
    expect(pointing({ values, height: 6, width: 6 }, place)).toEqual({
      hit: true,
      inside: 6 / 38,
      area: 1 / 9,
    });
    values[35] = 4;
    expect(pointing({ values, height: 6, width: 6 }, place).hit).toBe(false);
  });

  it('refuses a mask that says nothing', () => {
    const map = { values: new Float32Array(9), height: 3, width: 3 };
    const empty = { ...place, mask: new Uint8Array(9) };
    expect(() => pointing(map, empty)).toThrow(/EMPTY_SET/);
    expect(() => pointing(map, { ...place, height: 4 })).toThrow(/SHAPE_MISMATCH/);
  });
});

describe('overlay', () => {
  it('leaves the image grey where the map is 0 and reddens it where it is full', async () => {
    const values = new Float32Array(64 * 64);
    values.fill(1, 0, 32 * 64);
    const picture = overlay(grey(64, 0.5), { values, height: 64, width: 64 });
    const [top, bottom] = [picture.pixels.subarray(0, 3), picture.pixels.subarray(-3)];
    expect(Array.from(bottom)).toEqual([128, 128, 128]);
    expect(top[0]).toBeGreaterThan(top[1] + 80);
    const decoded = decode(await encodePng(picture));
    expect([decoded.width, decoded.height, decoded.channels]).toEqual([64, 64, 3]);
    expect(Uint8Array.from(decoded.data)).toEqual(picture.pixels);
  });

  it('is the image itself where the map is 0 everywhere', () => {
    const nothing = { values: new Float32Array(4), height: 2, width: 2 };
    expect(new Set(overlay(grey(4, 1), nothing).pixels)).toEqual(new Set([255]));
  });
});
