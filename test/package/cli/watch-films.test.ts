import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { parsePage } from '../../report/parse.js';
import { filmsAndModel } from './films.js';
import { run } from './run.js';

// The program that was built for the tarball, run from the repository, whose tools draw the page.
const { folder } = filmsAndModel();
const here = (path: string) => join(folder, path);
async function cli(...args: string[]) {
  const program = process.execPath;
  const ended = await run([resolve('dist/cli.js'), ...args], { cwd: folder, program });
  expect({ code: ended.code, err: ended.code === 0 ? '' : ended.err }).toEqual({
    code: 0,
    err: '',
  });
  return ended;
}
const table = (name: string) =>
  Papa.parse<Record<string, string>>(readFileSync(here(name), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;
const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

it('goes from films to a page: shares by the model, and what check measured of each film', async () => {
  await cli('check', 'films', '--table', 'known.csv');
  const known = table('known.csv');
  expect(known).toHaveLength(80);
  expect(Object.keys(known[0])).not.toContain('patient');
  expect(known.every(({ width, brightness }) => width === '32' && Number(brightness) > 0)).toBe(
    true,
  );
  for (const [films, out] of [
    ['films/normal', 'normal.csv'],
    ['films/abnormal', 'monday.csv'],
  ])
    await cli('score', films, '--model', 'model', '--out', out);
  const begin = ['--reference', 'normal.csv', '--model', 'model', '--metadata', 'known.csv'];
  const traits = ['--numbers', 'brightness,width', '--categories', 'view'];
  const state = ['--state', 'drift.json', '--out', 'drift.html'];
  const { out } = await cli('watch', 'monday.csv', ...state, ...begin, ...traits);

  const { saladAd } = JSON.parse(
    readFileSync(here('model/model.json'), 'utf8'),
  ).userDefinedMetadata;
  const highest = Math.max(...saladAd.normalScores.all);
  const rows = table('monday.csv');
  const share = (is: (row: Record<string, string>) => boolean) =>
    percent(rows.filter(is).length / rows.length);
  const flagged = share(({ abnormal }) => abnormal === 'true');
  const beyond = share(({ score }) => Number(score) > highest);
  expect(beyond).not.toBe('0.0%');
  expect(out).toContain('20 new films, 20 in all: ');
  expect(out).toContain(
    `of the last 20: 0.0% cannot be read, ${flagged} reach the threshold, ${beyond} score above all normals, ${share(({ pValue }) => Number(pValue) <= 0.05)} have a p-value up to .05`,
  );

  const page = parsePage(readFileSync(here('drift.html'), 'utf8'));
  const section = page.querySelector('#drift')!;
  expect(section.querySelector('svg')).not.toBeNull();
  const [evidence, windows] = [...section.querySelectorAll('table')].map((one) =>
    [...one.querySelectorAll('tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent?.trim()),
    ),
  );
  expect(evidence.slice(1).map(([name]) => name)).toEqual([
    'score',
    'reading',
    'brightness',
    'width',
    'view',
  ]);
  const all = Object.fromEntries(windows[0].map((name, i) => [name, windows[1][i]]));
  expect(all).toMatchObject({
    flagged,
    'above all normals': beyond,
    // All films are of one width, and none says its view.
    'shift of width': '0.50',
    'shift of view': '–',
  });
  // Blobs are bright.
  expect(Number(all['shift of brightness'])).toBeGreaterThan(0.5);
  // Names of films are in neither.
  const kept = readFileSync(here('drift.json'), 'utf8');
  expect(kept + readFileSync(here('drift.html'), 'utf8')).not.toMatch(/\.dcm|abnormal-0/);
});
