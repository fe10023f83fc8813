import { describe, expect, it } from 'vitest';
import { inChromium, noChromium } from '../conformance/chromium.js';

describe.skipIf(noChromium)(
  `detectBackend in Chromium${noChromium ? `: ${noChromium}` : ''}`,
  () => {
    it('passes over webgpu and webgl that run on the processor, and takes wasm', async () => {
      const found = await inChromium(false, (page) =>
        page.evaluate(() => globalThis.detectInPage()),
      );
      expect(found.name).toBe('wasm');
      expect(found.passedOver.map(({ name }) => name)).toEqual(['webgpu', 'webgl']);
      for (const { reason } of found.passedOver)
        expect(reason).toMatch(/software \(.*swiftshader/i);
    }, 300_000);
  },
);
