import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dicom } from '../../../src/dicom/index.js';
import { SaladModel } from '../../../src/index.js';
import { fileSystem, nodeImages } from '../../../src/node/index.js';
import { noChromium } from '../../conformance/chromium.js';
import { type BuiltPage, builtPage, FIRST_BUILD } from './built-page.js';
import { dicomOf, filmAt, photograph, pngOf } from './drawn-films.js';
import { drop, rowsOf, untilScored } from './dropped.js';

const sample = fileURLToPath(new URL('../../../examples/browser/public/sample', import.meta.url));

/** As long as a busy machine may take. */
const SOON = { timeout: 60_000 };

describe.skipIf(noChromium)(`the page with films${noChromium ? `: ${noChromium}` : ''}`, () => {
  let built: BuiltPage;
  beforeAll(async () => {
    // Some servers isolate all their pages.
    built = await builtPage({ isolated: true });
  }, FIRST_BUILD);
  afterAll(() => built?.close());

  it('scores a PNG of 3 MB and DICOM by drop, as Node does', async () => {
    const files = [
      { name: 'large.png', bytes: await pngOf(filmAt(3), 2100) },
      { name: 'film.dcm', bytes: await dicomOf(filmAt(400), 1024) },
      { name: 'small.png', bytes: await pngOf(filmAt(5)) },
    ];
    expect(files[0].bytes.length).toBeGreaterThan(3e6);
    const { page, complaints } = await built.open();
    await drop(page, files);
    await untilScored(page, 3);
    const csv = await csvOf(page);
    await tf.setBackend('cpu');
    const model = await SaladModel.load(fileSystem(sample));
    const node = await model.scoreFiles(
      files.map(({ bytes }) => bytes),
      { decoders: [dicom(), nodeImages()] },
    );
    model.dispose();
    files.forEach(({ name }, i) => {
      const [score, pValue] = csv[name].split(',').map(Number);
      expect(Math.abs(score - node.scores[i]), name).toBeLessThan(1e-5);
      expect(pValue, name).toBeCloseTo(node.pValues?.[i] as number, 9);
    });
    expect(complaints).toEqual([]);
  });

  it('scores JPEG and PNG of a picked folder, and of those within it', async () => {
    const { page, complaints } = await built.open();
    const png = await pngOf(filmAt(7));
    const jpeg = await sharp(await pngOf(filmAt(9), 256))
      .jpeg({ quality: 95 })
      .toBuffer();
    const folder = await mkdtemp(join(tmpdir(), 'films-'));
    try {
      await mkdir(join(folder, 'ward', 'today'), { recursive: true });
      await writeFile(join(folder, 'a.png'), png);
      await writeFile(join(folder, 'ward', 'today', 'b.jpg'), jpeg);
      await page.setInputFiles('#folder', folder);
      await untilScored(page, 2);
    } finally {
      await rm(folder, { recursive: true });
    }
    const csv = await csvOf(page);
    const scores = Object.entries(csv).map(([name, rest]) => [
      name.split('/').at(-1),
      Number(rest.split(',')[0]),
    ]);
    await tf.setBackend('cpu');
    const model = await SaladModel.load(fileSystem(sample));
    const node = await model.scoreFiles([png, jpeg], { decoders: [nodeImages()] });
    model.dispose();
    const of = Object.fromEntries(scores);
    expect(Math.abs(of['a.png'] - node.scores[0])).toBeLessThan(1e-5);
    // Browsers' JPEG decoders may round a pixel differently.
    expect(Math.abs(of['b.jpg'] - node.scores[1])).toBeLessThan(0.02);
    expect(complaints).toEqual([]);
  });

  it('shows a film with its map, the nearest films, its window and single pixels', async () => {
    const { page, complaints } = await built.open();
    const film = filmAt(400);
    await drop(page, [{ name: 'film.png', bytes: await pngOf(film) }]);
    await untilScored(page, 1);
    await page.click('#rows button');
    await page.waitForSelector('#film[data-ready]');
    expect(await page.locator('#neighbour-list li canvas').count()).toBe(6);
    await page.focus('#canvas');
    await page.keyboard.press('ArrowRight');
    const probe = page.locator('#probe');
    await expect.poll(() => probe.textContent(), SOON).toMatch(/^Column 33, row 32: /);
    const [value] = /\d+(?=,|$)/.exec((await probe.textContent())?.split(': ')[1] ?? '') ?? [];
    expect(Number(value)).toBe(film[32 * 64 + 33]);
    const pixels = () =>
      page.$eval('#canvas', (canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const seen = [await pixels()];
    for (const change of [
      () => page.uncheck('#show-map'),
      () => page.fill('#width', '300'),
      () => page.click('#zoom-in'),
      () => page.press('#canvas', 'Shift+ArrowLeft'),
    ]) {
      await change();
      await expect.poll(pixels, SOON).not.toBe(seen.at(-1));
      seen.push(await pixels());
    }
    expect(complaints).toEqual([]);
  });

  it('says what is not like the films that it learnt, and what cannot be read', async () => {
    const { page, complaints } = await built.open();
    await drop(page, [
      { name: 'photo.png', bytes: await photograph(true) },
      { name: 'inverted.png', bytes: await pngOf(filmAt(1).map((value) => 255 - value)) },
      { name: 'cut.png', bytes: (await pngOf(filmAt(1), 300)).subarray(0, 900) },
      { name: 'note.txt', bytes: new TextEncoder().encode('no film') },
      {
        name: 'film.tif',
        bytes: await sharp(await pngOf(filmAt(1)))
          .tiff()
          .toBuffer(),
      },
    ]);
    await untilScored(page, 5);
    expect(await page.textContent('#status')).toBe(
      '5 films: 0 flagged, 0 not flagged, 2 not like the films that the model learnt, 3 cannot be read.',
    );
    const rows = Object.fromEntries((await rowsOf(page)).map((cells) => [cells[1], cells]));
    const textOf = (name: string) =>
      Object.keys(rows).find((key) => key.startsWith(name)) ?? 'no row';
    expect(textOf('photo.png')).toContain('It is a colour picture');
    expect(textOf('inverted.png')).toContain('inverted');
    expect(textOf('cut.png')).toMatch(
      /^cut.pngThe file ends after 900 bytes, .*; fetch it again\.$/,
    );
    const other = (format: string) => `The file is ${format}; expected PNG, JPEG, WebP or DICOM.`;
    expect(textOf('note.txt')).toContain(other('of no format that is known here'));
    expect(textOf('film.tif')).toContain(other('image/tiff'));
    const status = page.locator('#status');
    await page.click('text=inverted.png');
    await expect.poll(() => status.textContent(), SOON).toBe('inverted.png: not comparable.');
    await page.click('#close-film');
    expect(await status.textContent()).toMatch(/^5 films: 0 flagged/);
    for (const cells of Object.values(rows)) expect(cells.slice(2, 4)).toEqual(['', '']);
    expect(complaints).toEqual([]);
  });

  it('sorts, filters and saves a table that no spreadsheet computes with', async () => {
    const { page } = await built.open();
    const names = ['b10.png', 'b9.png', '=HYPERLINK("x").png', '@a.png'];
    await drop(
      page,
      await Promise.all(names.map(async (name, i) => ({ name, bytes: await pngOf(filmAt(i)) }))),
    );
    await untilScored(page, 4);
    const shown = async () => (await rowsOf(page)).map(([, name]) => name);
    await page.click('th[data-column="name"] button');
    expect((await shown()).slice(-2)).toEqual(['b9.png', 'b10.png']);
    await page.click('th[data-column="score"] button');
    const scores = (await rowsOf(page)).map((cells) => Number(cells[2]));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const csv = await csvOf(page);
    expect(Object.keys(csv).sort()).toEqual(
      ['"\'=HYPERLINK(""x"").png"', '"\'@a.png"', 'b10.png', 'b9.png'].sort(),
    );
    await page.fill('#filter-text', 'b1');
    expect(await shown()).toEqual(['b10.png']);
    await page.selectOption('#filter-verdict', 'unreadable');
    expect(await page.textContent('#place')).toBe('No film matches of 0');
  });

  it('fetches at most 350 kB, compressed, before the first film', async () => {
    const page = await (await built.browser.newContext()).newPage();
    const bodies: Promise<number>[] = [];
    page.on('response', (response) =>
      bodies.push(response.body().then((all) => gzipSync(all).length)),
    );
    await page.goto(built.url, { waitUntil: 'networkidle' });
    const bytes = (await Promise.all(bodies)).reduce((sum, size) => sum + size, 0);
    expect(bodies.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThan(350e3);
  });
});

/** The saved table: what follows each name, 'score,p-value,...'. */
async function csvOf(page: import('playwright-core').Page): Promise<Record<string, string>> {
  const [saved] = await Promise.all([page.waitForEvent('download'), page.click('#save-csv')]);
  const text = await readFile(await saved.path(), 'utf8');
  const lines = text.trim().split('\n').slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, rest] = /^("(?:[^"]|"")*"|[^,]*),(.*)$/.exec(line) ?? [];
      return [name, rest];
    }),
  );
}
