/**
 * How quick the page of examples/browser is, beside a bare page, each measurement in a new browser.
 *
 *   npm run build:browser && npx tsx benchmarks/speed/page.ts             every measurement, five times in turn
 *   npm run build:browser && npx tsx benchmarks/speed/page.ts --rounds 1
 *   npm run build:browser && npx tsx benchmarks/speed/page.ts --cpu-time   for a machine that others use: what the browser computed;
 *                                                                          of many threads divide it by the cores yourself
 *   npm run build:browser && npx tsx benchmarks/speed/page.ts --by-thread  of the hundred films also what each kind of thread computed (Linux)
 *
 * First score: from the beginning of the visit to a score, where a film is handed over as soon as the page can take it;
 * the bare page loads tfjs with its wasm backend and the model and scores once, on its one thread.
 * Many films: from the picking of 100 films of 1024 px to the last line of the table, by as many threads as there are cores (at
 * most 4), and by one.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../test/conformance/chromium.js';
import { filmAt, pngOf } from '../../test/examples/browser/drawn-films.js';
import { drop } from '../../test/examples/browser/dropped.js';
import { servePages } from './page/serve-pages.js';
import { threadTimes } from './page/thread-times.js';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    'cpu-time': { type: 'boolean', default: false },
    'by-thread': { type: 'boolean', default: false },
  },
});
const rounds = Number(flags.rounds);
const pages = await servePages();
const one = [{ name: 'film.png', bytes: await pngOf(filmAt(400), 1024) }];
const folder = await mkdtemp(join(tmpdir(), 'salad-ad-page-'));
const many = await Promise.all(
  Array.from({ length: 100 }, async (_, i) => {
    const path = join(folder, `${i}.png`);
    await writeFile(path, await pngOf(filmAt(i), 1024));
    return path;
  }),
);

/** Milliseconds from the beginning of a visit to a score. */
async function firstScore(page: Page): Promise<number> {
  await page.goto(pages.app);
  const done = scoredAt(page, 1);
  await drop(page, one);
  return done;
}

async function bareScore(page: Page): Promise<number> {
  await page.goto(pages.bare);
  await page.evaluate(
    (base64) => globalThis.scoreOnce(base64),
    Buffer.from(one[0].bytes).toString('base64'),
  );
  return page.evaluate(() => performance.now());
}

/** Milliseconds from the picking of all films to the last line of the table. */
const allFilms = (threads: string) => async (page: Page) => {
  await page.goto(pages.app + threads);
  const before = await page.evaluate(() => performance.now());
  const done = scoredAt(page, many.length);
  await page.setInputFiles('#files', many);
  return (await done) - before;
};

/** When no film waits any more, by the clock of the page. It is told so: to ask at every frame would take from the page. */
const scoredAt = (page: Page, count: number): Promise<number> =>
  page.evaluate(
    (films) =>
      new Promise((done) => {
        const status = document.getElementById('status') as HTMLElement;
        new MutationObserver(() => {
          if (status.textContent?.startsWith(`${films} film`)) done(performance.now());
        }).observe(status, { childList: true, characterData: true, subtree: true });
      }),
    count,
  );

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
    const passed = await measure(await browser.newPage());
    if (flags['by-thread'] && measure !== firstScore && measure !== bareScore)
      console.log(name, JSON.stringify(await threadTimes(browser)));
    const time = flags['cpu-time'] ? await cpuTime(browser) : passed;
    await browser.close();
    times[name] = [...(times[name] ?? []), time];
  }
await pages.close();
await rm(folder, { recursive: true });

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

/** Milliseconds that the processes of a browser computed for its pages. */
async function cpuTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0);
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}
