import { describe, expect, it, vi } from 'vitest';
import { defaultMaxPixels } from '../../src/decoding/pixel-limit.js';
import { nodeImages } from '../../src/node/node-images.js';
import { expectedImages, imageFile, largestDifference } from '../decoding/fixtures.js';

const limits = { maxPixels: defaultMaxPixels };
const refusal = (bytes: Uint8Array, { maxPixels } = limits) =>
  nodeImages()
    .decode(bytes, { maxPixels })
    .then(
      () => 'decoded',
      ({ code }) => code,
    );

describe('nodeImages', () => {
  it.each(Object.entries(expectedImages))(
    'reads the pixels of %s that an independent decoder reads',
    async (name, expected) => {
      const bytes = imageFile(name);
      expect(nodeImages().accepts(bytes.subarray(0, 512))).toBe(true);
      const { pixels, shape } = await nodeImages().decode(bytes, limits);
      expect(shape).toEqual(expected.shape);
      expect(pixels.constructor).toBe(expected.bits === 16 ? Uint16Array : Uint8Array);
      expect(pixels).toHaveLength(expected.pixels.length);
      expect(largestDifference(pixels, expected)).toBeLessThanOrEqual(expected.exact ? 0 : 1);
    },
  );

  it.each(Object.keys(expectedImages))('refuses %s wherever it is cut short', async (name) => {
    const bytes = imageFile(name);
    for (const kept of [4, 12, 30, bytes.length >> 1, bytes.length - 20, bytes.length - 8]) {
      const head = bytes.subarray(0, kept);
      if (!nodeImages().accepts(head)) continue;
      expect(`${kept}: ${await refusal(head)}`).toBe(`${kept}: IMAGE_TRUNCATED`);
    }
  });

  it.each([
    ['refused-pages.tiff', 'IMAGE_UNSUPPORTED'],
    ['refused-float.tiff', 'IMAGE_UNSUPPORTED'],
    ['refused-big.tiff', 'IMAGE_UNSUPPORTED'],
    ['refused-animated.webp', 'IMAGE_UNSUPPORTED'],
    ['refused.gif', 'IMAGE_UNSUPPORTED'],
    ['refused.bmp', 'IMAGE_UNSUPPORTED'],
  ])('refuses %s as %s', async (name, code) => {
    expect(await refusal(imageFile(name))).toBe(code);
  });

  it.each(['grey8.png', 'grey.jpg', 'lossless.webp', 'alpha.webp', 'lossy.webp', 'grey8.tiff'])(
    'refuses %s above the limit by its header',
    async (name) => {
      expect(await refusal(imageFile(name), { maxPixels: 34 })).toBe('IMAGE_TOO_LARGE');
      expect(await refusal(imageFile(name), { maxPixels: 35 })).toBe('decoded');
    },
  );

  it('refuses pixels that are damaged', async () => {
    const damaged = imageFile('grey16.png');
    for (let i = 50; i < 60; i++) damaged[i] ^= 0x5a;
    expect(await refusal(damaged)).toBe('IMAGE_INVALID');
  });

  it('names the package where it is missing', async () => {
    vi.doMock('sharp', () => {
      throw new Error('not installed');
    });
    expect(await refusal(imageFile('grey8.png'))).toBe('MISSING_PEER');
    vi.doUnmock('sharp');
  });
});
