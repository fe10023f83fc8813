import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserImages } from '../../src/decoding/browser-images.js';
import { inChromium, noChromium } from '../conformance/chromium.js';
import { expectedImages, imageFile, largestDifference } from './fixtures.js';
import type { DecodedInPage } from './images-in-page.js';

const inBrowser = Object.entries(expectedImages).filter(([name]) => !name.endsWith('.tiff'));

describe.skipIf(noChromium)('browserImages in Chromium', () => {
  let page: Page;
  let close = () => {};
  let closed: Promise<void>;
  beforeAll(async () => {
    await new Promise<void>((ready, failed) => {
      closed = inChromium(
        false,
        async (opened) => {
          page = opened;
          ready();
          await new Promise<void>((done) => {
            close = done;
          });
        },
        new URL('images-in-page.ts', import.meta.url),
      );
      closed.catch(failed);
    });
  });
  afterAll(async () => {
    close();
    await closed;
  });

  const decode = (bytes: Uint8Array, maxPixels?: number) =>
    page.evaluate(([all, most]) => globalThis.images.decode(all as number[], most as number), [
      Array.from(bytes),
      maxPixels,
    ] as const);

  it.each(inBrowser)(
    'reads the pixels of %s that an independent decoder reads',
    async (name, expected) => {
      const decoded = (await decode(imageFile(name))) as DecodedInPage;
      expect(decoded).toMatchObject({ shape: expected.shape, bits: expected.bits });
      expect(largestDifference(decoded.pixels, expected)).toBeLessThanOrEqual(
        expected.exact ? 0 : 2,
      );
    },
  );

  it('refuses files that are cut short, too large, damaged or of other kinds', async () => {
    for (const [name] of inBrowser) {
      const bytes = imageFile(name);
      expect(await decode(bytes.subarray(0, bytes.length - 20))).toBe('IMAGE_TRUNCATED');
      expect(await decode(bytes, 34)).toBe('IMAGE_TOO_LARGE');
    }
    for (const name of ['grey8.png', 'grey16.png']) {
      const damaged = imageFile(name);
      for (let i = 45; i < 60; i++) damaged[i] ^= 0x5a;
      expect(await decode(damaged)).toBe('IMAGE_INVALID');
    }
    expect(await decode(imageFile('refused-animated.webp'))).toBe('IMAGE_UNSUPPORTED');
  });

  it('reads a picked folder with a folder for each class', async () => {
    const file = (path: string, name: string) => ({ path, bytes: Array.from(imageFile(name)) });
    const files = [
      file('films/normal/b.png', 'grey8.png'),
      file('films/abnormal/a.png', 'grey4.png'),
      file('films/normal/.hidden.png', 'grey4.png'),
      file('films/list.csv', 'grey4.png'),
    ];
    const read = await page.evaluate((all) => globalThis.images.folder(all, [1, 0]), files);
    expect(read).toEqual({
      ids: ['abnormal/a.png', 'normal/b.png'],
      labels: [1, 0],
      ignored: ['list.csv'],
      shape: [5, 7, 1],
      pixels: [...expectedImages['grey8.png'].pixels, ...expectedImages['grey4.png'].pixels],
    });
  });
});

describe('browserImages', () => {
  it('says where it cannot be', () => {
    expect(() => browserImages()).toThrow('expected a browser; in Node use nodeImages()');
  });
});
