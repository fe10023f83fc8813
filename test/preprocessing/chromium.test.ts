import { describe, expect, it } from 'vitest';
import { preprocessXray } from '../../src/preprocessing/index.js';
import { inChromium, noChromium } from '../conformance/chromium.js';
import { drawnFilm } from '../support/drawn-films.js';

describe.skipIf(noChromium)(
  `preprocessing in Chromium${noChromium ? `: ${noChromium}` : ''}`,
  () => {
    it('finds OpenCV in a bundle, and does as in Node', async () => {
      const { image } = drawnFilm('hand', 'film inverted', 1, 256);
      const { shape, quality } = await preprocessXray({ size: 128, inversion: { turn: true } })(
        image,
      );
      const script = new URL('in-page.ts', import.meta.url);
      const work = inChromium(false, (page) => page.evaluate(() => preprocessInPage()), script);
      const found = (await work) as { shape: unknown; quality: typeof quality };
      expect(found.shape).toEqual([...shape]);
      expect(found.quality.flags).toEqual(quality.flags);
      expect(found.quality.carrierArea).toBeCloseTo(quality.carrierArea ?? 0, 4);
      expect(found.quality.maskArea).toBeCloseTo(quality.maskArea ?? 0, 4);
    }, 300_000);
  },
);
