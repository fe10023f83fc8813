import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf, run } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-watch-'));
const cli = (...args: string[]) => run(['watch', ...args], { cwd: folder });

/** A table as `salad-ad score` writes it; scores run through 0 to 60 in a mixed order. */
function table(name: string, count: number, { from = 0, shift = 0 } = {}) {
  const rows = Array.from({ length: count }, (_, i) => {
    const row = from + i;
    return row % 20 === 19
      ? `secret-${row}.png,,IMAGE_TRUNCATED: it ends`
      : `secret-${row}.png,${((row * 37) % 61) + shift},`;
  });
  writeFileSync(join(folder, name), ['file,score,problem', ...rows].join('\n'));
}

describe('watch', () => {
  it('goes on from table to table, and finds the change', async () => {
    table('reference.csv', 100);
    table('monday.csv', 60, { from: 100 });
    const first = await cli('monday.csv', '--state', 'drift.json', '--reference', 'reference.csv');
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toContain('60 new films, 60 in all: no change found');
    const again = await cli('monday.csv', '--state', 'drift.json');
    expect(again.out).toContain('0 new films, 60 in all');
    table('tuesday.csv', 60, { from: 160, shift: 100 });
    const second = await cli('tuesday.csv', '--state', 'drift.json');
    expect(second.out).toMatch(/120 in all: score changed, noticed at film \d+/);
    expect(eventsOf(second.err)).toContainEqual(expect.objectContaining({ code: 'DRIFT_SCORE' }));
    expect(readFileSync(join(folder, 'drift.json'), 'utf8')).not.toContain('secret');
  });

  it('refuses other scores of the same films, and options of a state that began', async () => {
    table('monday.csv', 60, { from: 100, shift: 0.5 });
    const other = await cli('monday.csv', '--state', 'drift.json');
    expect(other.code).toBe(4);
    expect(other.err).toContain('has another score for a film that was taken in before');
    const late = await cli('tuesday.csv', '--state', 'drift.json', '--window', '50');
    expect(late.code).toBe(2);
    for (const state of ['drift.json', 'other.json']) {
      const unused = await cli('tuesday.csv', '--state', state, '--metadata', 'tuesday.csv');
      expect(unused.code).toBe(2);
      expect(unused.err).toContain('of --metadata');
    }
    writeFileSync(join(folder, 'broken.json'), '{');
    expect((await cli('tuesday.csv', '--state', 'broken.json')).code).toBe(4);
  });

  it('leaves the promise of a threshold in a configuration file to the commands that set one', async () => {
    table('sunday.csv', 60);
    writeFileSync(join(folder, 'salad.json'), JSON.stringify({ falseAlarms: 0.05, size: 64 }));
    const line = ['sunday.csv', '--state', 'sunday.json', '--config', 'salad.json'];
    for (const fresh of [60, 0])
      expect((await cli(...line)).out).toContain(`${fresh} new films, 60 in all`);
    const { monitor } = JSON.parse(readFileSync(join(folder, 'sunday.json'), 'utf8'));
    expect(monitor.settings.falseAlarmRate).toBe(0.01);
  });

  it('takes p-values and groups of CSV as of JSON lines', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      file: `${i}.png`,
      score: (i * 37) % 41,
      pValue: (1 + (i % 20)) / 20,
      pValueGroup: i % 4 === 0 ? 'AP' : 'PA',
      threshold: 35,
    }));
    writeFileSync(join(folder, 'groups.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const names = Object.keys(rows[0]);
    const lines = rows.map((row) => Object.values(row).join());
    writeFileSync(join(folder, 'groups.csv'), [names.join(), ...lines].join('\n'));
    const monitors = [];
    for (const format of ['csv', 'jsonl']) {
      const { code, out } = await cli(`groups.${format}`, '--state', `${format}.json`);
      expect(code).toBe(0);
      // 36 to 40 and 35 itself; the p-value .05 of two films in 40.
      expect(out).toContain(
        'of the last 40: 0.0% cannot be read, 15.0% reach the threshold, 5.0% have a p-value up to .05',
      );
      monitors.push(JSON.parse(readFileSync(join(folder, `${format}.json`), 'utf8')).monitor);
    }
    expect(monitors[0]).toEqual(monitors[1]);
    const groups = monitors[0].recent.map(({ name, films }: { name: string; films: number }) => [
      name,
      films,
    ]);
    expect(groups).toEqual([
      ['', 40],
      ['AP', 10],
      ['PA', 30],
    ]);
  });

  it('takes no film twice, by whatever path', async () => {
    table('friday.csv', 60, { from: 700 });
    mkdirSync(join(folder, 'sub'));
    symlinkSync(join(folder, 'friday.csv'), join(folder, 'sub/link.csv'));
    copyFileSync(join(folder, 'friday.csv'), join(folder, 'copy.csv'));
    const said = async (path: string) => (await cli(path, '--state', 'friday.json')).out;
    expect(await said('friday.csv')).toContain('60 new films, 60 in all');
    for (const path of ['./friday.csv', join(folder, 'friday.csv'), 'sub/link.csv', 'copy.csv'])
      expect(await said(path), path).toContain('0 new films, 60 in all');
    table('friday.csv', 70, { from: 700 });
    expect(await said('sub/link.csv')).toContain('10 new films, 70 in all');
    // Rows are in the order of names: what comes later may stand before the others.
    table('friday.csv', 80, { from: 690 });
    expect(await said('friday.csv')).toContain('10 new films, 80 in all');
    // The same names with other scores are other films; nothing tells the three apart that could not be read either.
    table('saturday.csv', 60, { from: 700, shift: 0.5 });
    expect(await said('saturday.csv')).toContain('57 new films, 137 in all');
  });

  it('loses no row where two run at once: the one that comes later is refused by name', async () => {
    const names = ['one.csv', 'two.csv', 'three.csv'];
    for (const [i, name] of names.entries()) table(name, 60, { from: 1000 * i });
    const line = (name: string) => cli(name, '--state', 'busy.json');
    const ended = await Promise.all(names.map(line));
    for (const { code, err } of ended) {
      expect([0, 6]).toContain(code);
      if (code === 6) expect(err).toContain("another run writes to 'busy.json'");
    }
    for (const [i, name] of names.entries()) if (ended[i].code === 6) await line(name);
    expect((await line('one.csv')).out).toContain('0 new films, 180 in all');
  });

  it('watches columns of the table, and of a table about the films', async () => {
    const rows = (first: number, brightness: number) =>
      Array.from({ length: 60 }, (_, i) => ({
        file: `films/${first + i}.png`,
        score: (i * 37) % 61,
        view: i % 3 === 0 ? 'AP' : 'PA',
        brightness: brightness + ((i * 29) % 61) / 610,
      }));
    const csv = (name: string, all: readonly object[], columns: readonly string[]) =>
      writeFileSync(
        join(folder, name),
        [
          columns.join(),
          ...all.map((row) => columns.map((column) => Object(row)[column]).join()),
        ].join('\n'),
      );
    const [before, after] = [rows(0, 0.3), rows(100, 0.7)];
    csv('before.csv', before, ['file', 'score', 'view', 'brightness']);
    csv('after.csv', after, ['file', 'score', 'view']);
    csv('known.csv', after, ['file', 'brightness']);
    const begin = ['--numbers', 'brightness', '--categories', 'view', '--reference', 'before.csv'];
    const lacking = await cli('after.csv', '--state', 'traits.json', ...begin);
    expect(lacking).toMatchObject({ code: 2, out: '' });
    expect(lacking.err).toMatch(/'after.csv' has no column 'brightness'; .*--metadata/);
    const line = ['after.csv', '--state', 'traits.json', '--metadata', 'known.csv'];
    const { code, out, err } = await cli(...line, ...begin);
    expect(code).toBe(0);
    expect(out).toMatch(/^60 new films, 60 in all: brightness changed, noticed at film \d+\n/);
    expect(eventsOf(err)).toContainEqual(
      expect.objectContaining({
        code: 'DRIFT_BRIGHTNESS',
        message: expect.stringContaining('the films changed: their brightness'),
      }),
    );
    const again = await cli('after.csv', '--state', 'traits.json', ...begin);
    expect(again.code).toBe(2);
    expect(again.err).toContain('leave out --reference and --numbers and --categories');
    expect(readFileSync(join(folder, 'traits.json'), 'utf8')).not.toContain('films/');
  });

  it('refuses a model that did not give the scores', async () => {
    mkdirSync(join(folder, 'model'));
    const saladAd = { threshold: { value: 0.7 }, normalScores: { all: [1, 2] } };
    writeFileSync(
      join(folder, 'model/model.json'),
      JSON.stringify({ userDefinedMetadata: { saladAd } }),
    );
    writeFileSync(join(folder, 'scored.csv'), 'file,score,threshold\na.png,1,0.5\n');
    const { code, err } = await cli('scored.csv', '--state', 'm.json', '--model', 'model');
    expect(code).toBe(4);
    expect(err).toMatch(/threshold 0\.5, and that of the model 'model' is 0\.7/);
  });
});
