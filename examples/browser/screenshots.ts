/**
 * Takes a picture of every state of the built page, at three widths, light and dark, to be looked at.
 *
 *   npm run build:browser && npx tsx examples/browser/screenshots.ts    writes output/browser-screenshots
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { preview } from 'vite';

const out = fileURLToPath(new URL('../../output/browser-screenshots', import.meta.url));
const places = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'];
const executablePath = places.find((path) => path && existsSync(path));
const widths = [360, 820, 1440];

const server = await preview({
  configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
  preview: { port: 0 },
  logLevel: 'error',
});
const url = server.resolvedUrls?.local[0] as string;
await mkdir(out, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  for (const scheme of ['light', 'dark'] as const) await takeAll(browser, scheme);
} finally {
  await browser.close();
  await server.close();
}
console.log(`wrote ${out}`);
process.exit(0);

async function takeAll(browser: Browser, colorScheme: 'light' | 'dark'): Promise<void> {
  const page = await (await browser.newContext({ colorScheme })).newPage();
  await page.goto(url);
  const take = (state: string) => takeAt(page, `${state}-${colorScheme}`);
  await take('1-empty');
  await page.click('#try-sample');
  await page.waitForFunction(() =>
    /^8 films: /.test(document.getElementById('status')?.textContent ?? ''),
  );
  await dropOthers(page);
  await page.waitForFunction(() =>
    /^12 films: /.test(document.getElementById('status')?.textContent ?? ''),
  );
  await take('2-table');
  await page.click('text=sample-pneumonia-2.png');
  await page.waitForSelector('#film[data-ready]');
  await page.waitForTimeout(300);
  await take('3-film');
  await page.click('text=inverted.png');
  await page.waitForSelector('#film-facts .refused');
  await page.waitForTimeout(500);
  await take('4-refused');
  await page.click('#close-film');
  await page.click('nav a[href="#training"]');
  await page.waitForSelector('#train:visible');
  await take('5-training');
  await page.click('#train');
  await page.waitForSelector('#training-figures svg', { timeout: 300_000 });
  await take('6-training-live');
  await page.waitForSelector('#train:visible', { timeout: 600_000 });
  await take('7-trained');
  await page.click('nav a[href="#model"]');
  await page.waitForSelector('#model-facts dd');
  await take('8-model');
  await page.setInputFiles('#model-files', {
    name: 'a.json',
    mimeType: '',
    buffer: Buffer.from('{}'),
  });
  await page.waitForSelector('#alert:visible');
  await take('9-error');
}

async function takeAt(page: Page, name: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 500 ? 740 : 900 });
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${out}/${name}-${width}.png`, fullPage: true });
  }
}

/** Pictures that get no score: a colour picture, an inverted film, one that waits for nobody, and a file that is none. */
async function dropOthers(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(200, 200);
    const context = canvas.getContext('2d')!;
    const transfer = new DataTransfer();
    const sky = context.createLinearGradient(0, 0, 0, 200);
    for (const [place, colour] of [
      [0, '#3b82f6'],
      [0.6, '#fde68a'],
      [0.6, '#15803d'],
    ] as const)
      sky.addColorStop(place, colour);
    context.fillStyle = sky;
    context.fillRect(0, 0, 200, 200);
    transfer.items.add(new File([await canvas.convertToBlob()], 'holiday-photograph.png'));
    const film = document.querySelector<HTMLCanvasElement>('#rows canvas')!;
    context.filter = 'invert(1)';
    context.drawImage(film, 0, 0, 200, 200);
    transfer.items.add(new File([await canvas.convertToBlob()], 'inverted.png'));
    context.filter = 'none';
    context.translate(100, 100);
    context.rotate(Math.PI / 2);
    context.drawImage(film, -100, -100, 200, 200);
    transfer.items.add(
      new File(
        [await canvas.convertToBlob()],
        'a-film-with-a-long-name-that-lies-on-its-side_0001.png',
      ),
    );
    transfer.items.add(new File(['<!DOCTYPE html>'], 'log-in.png'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
  });
}
