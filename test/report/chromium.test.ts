import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decode } from 'fast-png';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/index.js';
import { chromiumPath, inChromium, noChromium } from '../conformance/chromium.js';
import { fullInput } from './full-input.js';

const why = noChromium ? `: ${noChromium}` : '';

describe.skipIf(noChromium)(`the page in Chromium${why}`, () => {
  let browser: Browser;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'salad-ad-report-'));
    const file = join(folder, 'report.html');
    await writeFile(file, await renderReport(fullInput()));
    url = pathToFileURL(file).href;
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    await page.goto(url);
    return page;
  }

  test('it asks for nothing, and nothing goes wrong', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    page.on('console', (message) => void said.push(message.text()));
    page.on('pageerror', (error) => void said.push(error.message));
    await page.goto(url);
    await page.click('summary');
    expect(asked.filter((one) => !one.startsWith('data:image/png;base64,'))).toEqual([url]);
    expect(said).toEqual([]);
    const pictures = page.locator('img');
    const drawn = await pictures.evaluateAll((all) =>
      all.map((one) => (one as HTMLImageElement).naturalWidth),
    );
    expect(drawn).toEqual(drawn.map(() => 16));
    await page.close();
  });

  test('every section is there, and the contents lead to it', async () => {
    const page = await open(1200, 'light');
    const titles = await page.locator('main > section > h2').allTextContents();
    expect(titles).toEqual([
      'Results',
      'Thresholds',
      'Calibration',
      'Subgroups',
      'Shortcuts',
      'Train, validation and test',
      'Images',
      'Embeddings',
      'Training',
      'Left out',
      'Run',
    ]);
    const links = page.locator('nav a');
    expect(await links.allTextContents()).toEqual(titles);
    await links.last().click();
    await expect.poll(() => page.locator('#run').isVisible()).toBe(true);
    expect(new URL(page.url()).hash).toBe('#run');
    await page.close();
  });

  test.each([360, 1200])('nothing juts out at %i px but inside what scrolls', async (width) => {
    const page = await open(width, 'light');
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('body, body *')]
        .filter((one) => !one.closest('.scroll table, svg *'))
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
        .map((one) => one.outerHTML.slice(0, 80)),
    );
    expect(wide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.close();
  });

  test.each(['light', 'dark'] as const)(
    'text stands out from what it lies on, %s',
    async (scheme) => {
      const page = await open(1200, scheme);
      await page.click('summary');
      expect(await page.evaluate(faintTexts)).toEqual([]);
      await page.close();
    },
  );

  test('no word of a figure lies on another, or outside of it', async () => {
    const page = await open(1200, 'light');
    expect(await page.evaluate(crowdedTexts)).toEqual([]);
    await page.close();
  });
});

describe.skipIf(noChromium)(`figures made in Chromium${why}`, () => {
  test('are drawn, laid out and turned into PNG', async () => {
    const script = new URL('in-page.ts', import.meta.url);
    const made = await inChromium(
      false,
      (page) =>
        page.evaluate(async () => {
          const { figures, svgToPng, projectEmbeddings } = globalThis.reportEntry;
          const curves = [{ name: 'a', falsePositiveRates: [0, 1], truePositiveRates: [0, 1] }];
          const png = await svgToPng(await figures.roc({ curves }), { scale: 1.5 });
          const rows = Array.from({ length: 8 }, (_, i) => [Math.cos(i), Math.sin(i), i % 2]);
          return { png: [...png], ...(await projectEmbeddings(rows)) };
        }),
      script,
    );
    const { width, height, data } = decode(Uint8Array.from(made.png));
    expect(width).toBe(1.5 * 464);
    expect(height).toBeGreaterThan(width);
    expect([...data.slice(0, 3)]).toEqual([0xfc, 0xfc, 0xfb]);
    expect(new Set(data).size).toBeGreaterThan(20);
    expect(made.xs.every(Number.isFinite)).toBe(true);
    expect(new Set(made.ys).size).toBe(8);
  }, 300_000);
});

/** Runs in the page: texts whose contrast with their background is below WCAG's 4.5. */
function faintTexts(): string[] {
  type Color = readonly number[];
  const parse = (color: string): Color => {
    const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
    return numbers.length < 4 ? [...numbers, 1] : numbers;
  };
  const over = (top: Color, below: Color, opacity: number): Color =>
    [0, 1, 2].map((i) => below[i] + opacity * top[3] * (top[i] - below[i])).concat(1);
  const luminance = (color: Color) => {
    const [r, g, b] = color
      .slice(0, 3)
      .map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let measured = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || element.closest('style')) continue;
    let opacity = 1;
    const layers: Color[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      opacity *= Number(style.opacity);
      layers.unshift(parse(style.backgroundColor));
    }
    const paper = layers.reduce<Color>((below, layer) => over(layer, below, 1), [255, 255, 255, 1]);
    const style = getComputedStyle(element);
    const ink = element.closest('svg') ? style.fill : style.color;
    const [dark, light] = [luminance(over(parse(ink), paper, opacity)), luminance(paper)].sort(
      (a, b) => a - b,
    );
    const contrast = (light + 0.05) / (dark + 0.05);
    measured += 1;
    if (contrast < 4.5) found.push(`${node.textContent.trim()}: ${contrast.toFixed(2)}`);
  }
  return measured > 200 ? found : [`only ${measured} texts`];
}

/** Runs in the page: words of figures that overlap or are cut off. */
function crowdedTexts(): string[] {
  const found: string[] = [];
  for (const svg of document.querySelectorAll('svg[role="img"]')) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      // Letters are lower than the line they stand on.
      const lower = (bottom - top) / 6;
      return { word: text.textContent, left, right, top: top + lower, bottom: bottom - lower };
    });
    texts.forEach((a, i) => {
      const inside = a.left >= frame.left - 1 && a.right <= frame.right + 1;
      if (!inside || a.top < frame.top - 1 || a.bottom > frame.bottom + 1)
        found.push(`${svg.ariaLabel}: '${a.word}' juts out`);
      for (const b of texts.slice(i + 1))
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          found.push(`${svg.ariaLabel}: '${a.word}' on '${b.word}'`);
    });
  }
  return found;
}
