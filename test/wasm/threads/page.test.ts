import { expect, test } from 'vitest';
import { inChromium, noChromium } from '../../conformance/chromium.js';
import { kernelCases } from './kernel-cases.js';

const script = new URL('in-page.ts', import.meta.url);

test.skipIf(noChromium)(
  'in an isolated page, a worker computes the same bits on 1, 2 and 4 threads, and the page itself on one',
  async () => {
    const { worker, page } = await inChromium(
      true,
      async (chromium) => ({
        worker: await chromium.evaluate(() => globalThis.ranInWorker([1, 2, 4])),
        page: await chromium.evaluate(() => globalThis.ranInPage([4])),
      }),
      script,
    );
    const [one, two, four] = worker;
    expect(one.bits).toHaveLength(kernelCases.length);
    expect(one.cut).toBe(0);
    for (const { bits, cut } of [two, four]) {
      expect(cut).toBeGreaterThanOrEqual(kernelCases.length);
      expectSame(bits, one.bits);
    }
    // A page's own thread must not wait for others.
    expect(page[0].cut).toBe(0);
    expectSame(page[0].bits, one.bits);
  },
);

function expectSame(bits: string[][], expected: string[][]): void {
  for (const [i, [name]] of kernelCases.entries()) expect(bits[i], name).toEqual(expected[i]);
}
