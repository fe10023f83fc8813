/**
 * How quick the page of examples/browser is, beside a bare page, each measurement in a new browser.
 *
 *   npm run build:browser && npx tsx benchmarks/speed/page.ts             every measurement, five times in turn
 *   npm run build:browser && npx tsx benchmarks/speed/page.ts --rounds 1
 *
 * First score: from the beginning of the visit to a score, where a film is handed over as soon as the page can take it;
 * the bare page loads tfjs with its wasm backend and the model and scores once, on its one thread.
 * Many films: from the drop of 100 films of 1024 px to the last line of the table, by as many threads as there are cores (at
 * most 4), and by one.
 */
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../test/conformance/chromium.js';
import { filmAt, pngOf } from '../../test/examples/browser/drawn-films.js';
import { drop, untilScored } from '../../test/examples/browser/dropped.js';
import { servePages } from './page/serve-pages.js';

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(flags.rounds);
const pages = await servePages();
const one = [{ name: 'film.png', bytes: await pngOf(filmAt(400), 1024) }];
const many = await Promise.all(
  Array.from({ length: 100 }, async (_, i) => ({
    name: `${i}.png`,
    bytes: await pngOf(filmAt(i), 1024),
  })),
);

/** Milliseconds from the beginning of a visit to a score. */
async function firstScore(page: Page): Promise<number> {
  await page.goto(pages.app);
  await drop(page, one);
  await untilScored(page, 1);
  return page.evaluate(() => performance.now());
}

async function bareScore(page: Page): Promise<number> {
  await page.goto(pages.bare);
  await page.evaluate(
    (base64) => globalThis.scoreOnce(base64),
    Buffer.from(one[0].bytes).toString('base64'),
  );
  return page.evaluate(() => performance.now());
}

/** Milliseconds from the drop of all films to the last line of the table. */
const allFilms = (threads: string) => async (page: Page) => {
  await page.goto(pages.app + threads);
  const before = await page.evaluate(() => performance.now());
  await drop(page, many);
  await untilScored(page, many.length);
  return (await page.evaluate(() => performance.now())) - before;
};

const measurements = {
  'first score, the app': firstScore,
  'first score, a bare page': bareScore,
  '100 films, several threads': allFilms(''),
  '100 films, one thread': allFilms('?threads=1'),
};
const times: Record<string, number[]> = {};
for (let round = 0; round < rounds; round++)
  for (const [name, measure] of Object.entries(measurements)) {
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
    const time = await measure(await browser.newPage());
    await browser.close();
    times[name] = [...(times[name] ?? []), time];
  }
await pages.close();

for (const [name, list] of Object.entries(times))
  console.log(`${name}: ${Math.min(...list).toFixed(0)} ms (${median(list).toFixed(0)})`);
const [app, bare, several, single] = Object.values(times).map((list) => Math.min(...list));
console.log(
  `first score: ${(app / bare).toFixed(2)} of the bare page's time; at most 1.5 is aimed at`,
);
console.log(
  `100 films: ${(several / single).toFixed(2)} of one thread's time; at most .65 on two cores is aimed at`,
);
process.exit(0);

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}
