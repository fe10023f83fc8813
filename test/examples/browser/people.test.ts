import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium } from '../../conformance/chromium.js';
import { type BuiltPage, builtPage, FIRST_BUILD } from './built-page.js';
import { untilScored } from './dropped.js';

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** As long as a busy machine may take. */
const SOON = { timeout: 60_000 };

describe.skipIf(noChromium)(`the page for all people${noChromium ? `: ${noChromium}` : ''}`, () => {
  let built: BuiltPage;
  beforeAll(async () => {
    built = await builtPage();
  }, FIRST_BUILD);
  afterAll(() => built?.close());

  it('is used by keyboard alone', async () => {
    const { page, complaints } = await built.open();
    await tabTo(page, '#try-sample');
    await page.keyboard.press('Enter');
    await untilScored(page, 8);
    await tabTo(page, '#filter-text');
    await page.keyboard.type('pneumonia');
    await tabTo(page, 'th[data-column="name"] button');
    await page.keyboard.press('Space');
    expect(await page.getAttribute('th[data-column="name"]', 'aria-sort')).toBe('ascending');
    await tabTo(page, '#rows tr:first-child button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#film[data-ready]');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('film-title');
    await tabTo(page, '#canvas');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.textContent('#probe'), SOON).toMatch(/^Column \d+, row \d+: \d+/);
    await tabTo(page, '#opacity');
    await page.keyboard.press('ArrowLeft');
    expect(await page.inputValue('#opacity')).toBe('59');
    await page.keyboard.press('Escape');
    expect(await page.isHidden('#film')).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      'sample-pneumonia-1.png',
    );
    await tabTo(page, 'nav a[href="#model"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#model-facts dd');
    expect(complaints).toEqual([]);
  });

  it('tells those who listen what became of the films, and what went wrong', async () => {
    const { page } = await built.open();
    expect(await page.getAttribute('#status', 'aria-live')).toBe('polite');
    await page.click('#try-sample');
    await untilScored(page, 8);
    expect(await page.textContent('#status')).toMatch(/^8 films: \d flagged, \d not flagged\.$/);
    expect(await page.getAttribute('#alert', 'role')).toBe('alert');
    expect(await page.textContent('header')).toContain('not a medical device');
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds wrong, %s',
    async (colorScheme) => {
      const context = await built.browser.newContext({ colorScheme, bypassCSP: true });
      const page = await context.newPage();
      await page.goto(built.url);
      const found: unknown[] = [await violations(page)];
      await page.click('#try-sample');
      await untilScored(page, 8);
      found.push(await violations(page));
      await page.click('#rows tr:first-child button');
      await page.waitForSelector('#film[data-ready]');
      found.push(await violations(page));
      await page.click('nav a[href="#training"]');
      await page.waitForSelector('#train');
      found.push(await violations(page));
      await page.click('nav a[href="#model"]');
      await page.waitForSelector('#model-facts dd');
      found.push(await violations(page));
      expect(found).toEqual([[], [], [], [], []]);
    },
  );

  it.each([360, 820, 1440])('fits a screen of %i pixels', async (width) => {
    const { page } = await built.open();
    await page.setViewportSize({ width, height: 800 });
    await page.click('#try-sample');
    await untilScored(page, 8);
    await page.click('#rows tr:first-child button');
    await page.waitForSelector('#film[data-ready]');
    for (const name of ['films', 'training', 'model']) {
      await page.click(`nav a[href="#${name}"]`);
      await page.waitForSelector(`#page-${name} h2`);
      const [whole, seen] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(whole, name).toBe(seen);
    }
  });
});

/** Presses Tab until an element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((one) => document.activeElement?.matches(one), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to ${selector}`);
}

/** What axe finds wrong, each by its rule and the elements. */
async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }));
  });
}
