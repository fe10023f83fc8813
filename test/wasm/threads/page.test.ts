import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
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

test.skipIf(noChromium || process.platform !== 'linux')(
  'threads end as their page is loaded anew',
  async () => {
    const counts = await inChromium(
      true,
      async (page) => {
        // The worker of the page, and with it the threads that it started.
        await page.evaluate(() => globalThis.ranInWorker([4]));
        const before = await workersOf(page);
        await page.reload();
        await expect.poll(() => workersOf(page), { timeout: 20_000 }).toBe(0);
        return before;
      },
      script,
    );
    // With the threads of the backend's own.
    expect(counts).toBeGreaterThanOrEqual(4);
  },
);

/** Threads of the browser's page that run workers; from /proc, so on Linux alone. */
async function workersOf(page: Page): Promise<number> {
  const session = await (page.context().browser() as Browser).newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const names = processInfo.flatMap(({ id }) =>
    readdirSync(`/proc/${id}/task`).map((thread) =>
      readFileSync(`/proc/${id}/task/${thread}/comm`, 'utf8'),
    ),
  );
  return names.filter((name) => name.startsWith('DedicatedWorker')).length;
}
