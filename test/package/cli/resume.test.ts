import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { filmsAndModel } from './films.js';
import { run } from './run.js';

const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
const cli = (...args: string[]) => run(['score', ...args, '--model', 'model'], { cwd: folder });
const text = (file: string) => readFileSync(here(file), 'utf8');
const table = (file: string) =>
  Papa.parse<Record<string, string>>(text(file), { header: true, skipEmptyLines: true }).data;
const copy = (from: number, to: string) =>
  copyFileSync(here('films/normal', `${String(from).padStart(3, '0')}.dcm`), here(to));
/** A folder of films, some of them of the same bytes. */
function filmsIn(name: string, count: number): void {
  mkdirSync(here(name), { recursive: true });
  for (let i = 0; i < count; i++) copy(i % 60, `${name}/${String(i).padStart(4, '0')}.dcm`);
}
/** Kills the program when it has told how far it is. */
async function killed(...args: string[]): Promise<void> {
  let sent = false;
  const { code } = await run(['score', ...args, '--model', 'model', '--threads', '1'], {
    cwd: folder,
    meanwhile(child, err) {
      if (sent || !err.includes('"progress"')) return;
      sent = true;
      child.kill('SIGKILL');
    },
  });
  expect(code).toBe(null);
}
const goingOn = (err: string) =>
  /going on after (\d+) of (\d+) files/.exec(err)?.slice(1).map(Number);
const left = (out: string) => readdirSync(folder).filter((name) => name.startsWith(`${out}.`));

describe('a run that goes on', () => {
  beforeAll(async () => {
    filmsIn('many', 1200);
    expect((await cli('many', '--out', 'one.csv', '--threads', '1')).code).toBe(0);
  });

  it('goes on with a shard that was killed in another container, with the same bytes', async () => {
    const line = ['many', '--out', 'pods.csv'];
    expect((await cli(...line, '--shard', '1/2')).code).toBe(0);
    await killed(...line, '--shard', '2/2');
    const lock = here('pods.csv.2-of-2.lock');
    const held = JSON.parse(readFileSync(lock, 'utf8'));
    // As the next container finds it: left by another host, where its own process has the same number, and some time ago.
    writeFileSync(lock, JSON.stringify({ ...held, host: 'pod-that-died', space: 'pid:[1]' }));
    utimesSync(lock, new Date(Date.now() - 3.6e6), new Date(Date.now() - 3.6e6));
    const again = await cli(...line, '--shard', '2/2', '--threads', '1');
    expect(again.code).toBe(0);
    expect(goingOn(again.err)?.[0]).toBeGreaterThanOrEqual(256);
    expect(text('pods.csv')).toBe(text('one.csv'));
    expect(left('pods.csv')).toEqual([]);
  });

  it('ends with 6 where another run holds the place', async () => {
    let second: ReturnType<typeof cli> | undefined;
    const first = await run(
      ['score', 'many', '--out', 'held.csv', '--model', 'model', '--threads', '1'],
      {
        cwd: folder,
        meanwhile(child, err) {
          if (second || !err.includes('"progress"')) return;
          // Stopped, so that it does not end before the second has looked.
          child.kill('SIGSTOP');
          second = cli('many', '--out', 'held.csv').finally(() => {
            child.kill('SIGCONT');
            child.kill('SIGINT');
          });
        },
      },
    );
    const { code, err } = (await second) as Awaited<ReturnType<typeof cli>>;
    expect(first.code).toBe(130);
    expect(code).toBe(6);
    expect(err).toMatch(
      /^salad-ad score: another run writes to 'held.csv' \(process \d+ on .+\); wait/,
    );
  });

  it('scores a film anew whose file has changed, and it alone', async () => {
    filmsIn('half', 600);
    const line = ['half', '--out', 'half.csv'];
    await killed(...line);
    copyFileSync(here('films/abnormal/000.dcm'), here('half/0007.dcm'));
    const again = await cli(...line, '--threads', '1');
    expect(again.code).toBe(0);
    const [kept] = goingOn(again.err) as number[];
    expect(kept % 256).toBe(255);
    const rows = table('half.csv');
    expect(rows).toHaveLength(600);
    await cli('films/abnormal/000.dcm', '--out', 'a.csv');
    const [abnormal] = table('a.csv');
    expect(rows[7]).toEqual({ ...abnormal, file: 'half/0007.dcm' });
    expect(rows[8]).toEqual({ ...table('one.csv')[8], file: 'half/0008.dcm' });
  });

  it('joins parts that end at the same time into one whole table', async () => {
    filmsIn('race', 300);
    expect((await cli('race', '--out', 'whole.csv', '--threads', '1')).code).toBe(0);
    const line = (i: number, n: number) => ['race', '--out', 'race.csv', '--shard', `${i}/${n}`];
    expect((await cli(...line(1, 2))).code).toBe(0);
    copyFileSync(here('race.csv.1-of-2'), here('first'));
    rmSync(here('race.csv.1-of-2'));
    expect((await cli(...line(2, 2))).code).toBe(0);
    copyFileSync(here('race.csv.2-of-2'), here('second'));
    for (let round = 0; round < 4; round++) {
      copyFileSync(here('first'), here('race.csv.1-of-2'));
      copyFileSync(here('second'), here('race.csv.2-of-2'));
      rmSync(here('race.csv'), { force: true });
      const ended = await Promise.all([cli(...line(1, 2)), cli(...line(2, 2))]);
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      expect(text('race.csv')).toBe(text('whole.csv'));
    }
  });

  it('takes the films that the first part found, in a folder that gets more, and these with the next run', async () => {
    filmsIn('live', 130);
    const line = (i: number) => ['live', '--out', 'live.csv', '--shard', `${i}/2`];
    expect((await cli(...line(1))).code).toBe(0);
    copy(0, 'live/0000-new.dcm');
    const second = await cli(...line(2), '--quiet');
    expect(second.code).toBe(0);
    expect(second.err).toMatch(
      /"FILMS_LEFT_OUT","message":"the films are the 130 that the first part found .*; left out: 1; /,
    );
    expect(table('live.csv')).toHaveLength(130);
    expect(left('live.csv')).toEqual([]);
    for (const i of [1, 2]) expect((await cli(...line(i))).code).toBe(0);
    expect(table('live.csv')).toHaveLength(131);
  });

  it('keeps parts with a film that cannot be read, and mends the table by the line of its part', async () => {
    filmsIn('mended', 130);
    const film = here('mended/0100.dcm');
    const bytes = readFileSync(film);
    writeFileSync(film, bytes.subarray(0, 900));
    const line = (i: number) => ['mended', '--out', 'mended.csv', '--shard', `${i}/2`];
    expect((await cli(...line(1))).code).toBe(0);
    expect((await cli(...line(2))).code).toBe(5);
    expect(table('mended.csv')[100].problem).toMatch(/^IMAGE_TRUNCATED: /);
    expect(left('mended.csv').sort()).toEqual(['mended.csv.1-of-2', 'mended.csv.2-of-2']);
    const again = await cli(...line(2), '--retry');
    expect([again.code, goingOn(again.err)]).toEqual([5, [65, 66]]);
    writeFileSync(film, bytes);
    expect((await cli(...line(2))).code).toBe(0);
    expect(left('mended.csv')).toEqual([]);
    expect((await cli('mended', '--out', 'at-once.csv')).code).toBe(0);
    expect(text('mended.csv')).toBe(text('at-once.csv'));
  });

  it('takes no part that was scored in another way, and says so in place of no table at all', async () => {
    filmsIn('parts', 130);
    const line = ['--out', 'parts.csv', '--shard'];
    expect((await cli('parts', ...line, '1/2')).code).toBe(0);
    for (const other of [
      ['parts', '--backend', 'cpu'],
      ['parts', 'films/abnormal'],
    ]) {
      const { code, err } = await cli(...other, ...line, '2/2');
      expect(code).toBe(4);
      expect(err).toMatch(
        /by another model or backend \('parts.csv.list'\).* give all parts the same line/,
      );
    }
    rmSync(here('parts.csv.list'));
    // The part that is there counts no longer, and is scored again.
    for (const shard of ['2/2', '1/2']) {
      expect(existsSync(here('parts.csv'))).toBe(false);
      expect((await cli('parts', '--backend', 'cpu', ...line, shard)).code).toBe(0);
    }
    expect(table('parts.csv')).toHaveLength(130);
    expect(left('parts.csv')).toEqual([]);
  });

  it('passes over a film that ends the process twice, names it, and tries it again when it is told to', async () => {
    filmsIn('deadly', 40);
    copy(1, 'deadly/0007-poison.dcm');
    // As a decoder that takes all memory: the process has no time to say anything. The library reads by the whole path, the hash is made by the name.
    writeFileSync(
      here('poison.mjs'),
      `import promises from 'node:fs/promises';
       import { syncBuiltinESMExports } from 'node:module';
       import { isAbsolute } from 'node:path';
       const { readFile } = promises;
       promises.readFile = (path, ...more) =>
         /poison/.test(path) && isAbsolute(path) ? process.kill(process.pid, 'SIGKILL') : readFile(path, ...more);
       syncBuiltinESMExports();`,
    );
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(here('poison.mjs'))}` };
    const line = ['score', 'deadly', '--model', 'model', '--out', 'deadly.csv'];
    for (let time = 0; time < 2; time++)
      expect((await run(line, { cwd: folder, env })).code).toBe(null);
    const third = await run(line, { cwd: folder, env });
    expect(third.code).toBe(5);
    expect(third.err).toContain('"code":"WORKER_ENDED"');
    expect(third.err).not.toContain('poison');
    const rows = table('deadly.csv');
    expect(rows).toHaveLength(41);
    const named = rows.filter(({ problem }) => problem !== '');
    expect(named).toHaveLength(1);
    expect(named[0]).toMatchObject({
      file: 'deadly/0007-poison.dcm',
      score: '',
      problem: expect.stringMatching(/^WORKER_ENDED: /),
      fileHash: rows[1].fileHash,
    });
    // It stays so, until it is asked for again where it does no harm.
    expect((await run(line, { cwd: folder, env })).code).toBe(5);
    const again = await cli('deadly', '--out', 'deadly.csv', '--retry');
    expect(again.code).toBe(0);
    expect(goingOn(again.err)).toEqual([40, 41]);
    const [, film, same] = table('deadly.csv').filter(
      ({ fileHash }) => fileHash === rows[1].fileHash,
    );
    expect([film.file, film.score]).toEqual(['deadly/0007-poison.dcm', rows[1].score]);
    expect(same).toBeUndefined();
    expect(left('deadly.csv')).toEqual([]);
  });

  it('names a film whose decoder is not installed, where others can be read, and reads it when it is', async () => {
    filmsIn('mixed', 10);
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';
    writeFileSync(here('mixed/0003.png'), Buffer.from(png, 'base64'));
    const { code } = await cli('mixed', '--out', 'mixed.csv');
    expect(code).toBe(5);
    const rows = table('mixed.csv');
    expect(rows.filter(({ score }) => score !== '')).toHaveLength(10);
    expect(rows.find(({ file }) => file === 'mixed/0003.png')?.problem).toMatch(
      /^MISSING_PEER: .*npm install sharp/,
    );
    const missing = await cli('mixed/0003.png', '--out', 'png.csv');
    expect(missing.code).toBe(3);
    expect(missing.err).toMatch(/`npm install sharp`/);
  });
});
