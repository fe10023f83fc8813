import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterEach, describe, expect, it } from 'vitest';
import { archive, type Fault } from '../../dicom/web/archive.js';
import { filmsAndModel } from './films.js';
import { eventsOf, program, run } from './run.js';

const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
const cli = (...args: string[]) => run(['score', ...args, '--model', 'model'], { cwd: folder });
const table = (file: string) =>
  Papa.parse<Record<string, string>>(readFileSync(here(file), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;

/** The abnormal films by UID, as dicom-films.ts numbers them. */
const films = () =>
  new Map(
    readdirSync(here('films/abnormal'))
      .sort()
      .map((name, i) => [
        `1.2.3.${1001 + i}`,
        new Uint8Array(readFileSync(here('films/abnormal', name))),
      ]),
  );
let close = async (): Promise<unknown> => undefined;
afterEach(() => close());
const serving = async (fault?: Fault) => {
  const served = await archive(films(), fault);
  close = served.close;
  return served;
};

describe('score --dicomweb', () => {
  it('gives the scores of the files, in the order of the UIDs, whole and by shards', async () => {
    const { url, asked } = await serving();
    await cli('films/abnormal', '--out', 'files.csv');
    const line = ['--dicomweb', url, '--query', 'Modality=CR&PatientID=abnormal*'];
    expect(await cli(...line, '--out', 'archive.csv')).toMatchObject({ code: 0 });
    const rows = table('archive.csv');
    expect(rows.map(({ file }) => file)).toEqual([...films().keys()].sort());
    expect(rows.map(({ score }) => score)).toEqual(table('files.csv').map(({ score }) => score));
    const { query } = asked[0];
    expect([query.get('Modality'), query.get('PatientID')]).toEqual(['CR', 'abnormal*']);
    for (const shard of ['2/2', '1/2'])
      expect(await cli(...line, '--out', 'shards.csv', '--shard', shard)).toMatchObject({
        code: 0,
      });
    expect(readFileSync(here('shards.csv'), 'utf8')).toBe(
      readFileSync(here('archive.csv'), 'utf8'),
    );
  });

  it('names the films that the server does not give, and scores the others', async () => {
    const gone = '1.2.3.1003';
    const { url } = await serving(({ path }, response) =>
      path.endsWith(gone) ? !!response.writeHead(404).end() : false,
    );
    const { code, err } = await cli('--dicomweb', url, '--out', 'some.csv');
    expect(code).toBe(5);
    expect(eventsOf(err).at(-1)?.message ?? err).toContain('1 of 20 files could not be read');
    const rows = table('some.csv');
    expect(rows.filter(({ score }) => score !== '')).toHaveLength(19);
    expect(rows.find(({ file }) => file === gone)?.problem).toMatch(/^IMAGE_UNREADABLE: .*404/);
  });

  it('asks again for films that the server did not give, and for no others, with --retry', async () => {
    let gone = '1.2.3.1003';
    const { url, asked } = await serving(({ path }, response) =>
      path.endsWith(gone) ? !!response.writeHead(404).end() : false,
    );
    const line = ['--dicomweb', url, '--out', 'retried.csv'];
    expect((await cli(...line)).code).toBe(5);
    gone = 'none';
    const before = asked.length;
    // Nothing is asked for again unless it is told to.
    expect((await cli(...line)).code).toBe(5);
    expect(asked.slice(before).filter(({ path }) => path.includes('studies'))).toEqual([]);
    const retried = await cli(...line, '--retry');
    expect(retried.code).toBe(0);
    expect(retried.err).toContain('going on after 19 of 20 files');
    const films = asked.slice(before).filter(({ path }) => path.includes('studies'));
    expect(films.map(({ path }) => path.split('/').at(-1))).toEqual(['1.2.3.1003']);
    await cli('--dicomweb', url, '--out', 'once.csv');
    expect(readFileSync(here('retried.csv'), 'utf8')).toBe(readFileSync(here('once.csv'), 'utf8'));
    expect(table('once.csv')[0].fileHash).toMatch(/^[0-9a-f]{64}$/);
    expect(existsSync(here('retried.csv.partial'))).toBe(false);
  });

  it('gives up a server that lets nobody in any longer, keeps what is done, and goes on when it does', async () => {
    let given = 0;
    const { url, asked } = await serving(({ path }, response) =>
      path.includes('studies') && ++given > 5 ? !!response.writeHead(403).end() : false,
    );
    const line = ['--dicomweb', url, '--out', 'down.csv'];
    const { code, err } = await cli(...line);
    expect(code).toBe(6);
    expect(err).toMatch(
      /the server gives no more films, and was given up: .*status 403; .*SALAD_AD_DICOMWEB_AUTHORIZATION.* \(5 of 20 files are scored and kept in 'down.csv.partial'; give the same line again to go on\)\n$/,
    );
    expect(err).not.toContain('127.0.0.1');
    expect(asked.filter(({ path }) => path.includes('studies')).length).toBeLessThan(5 + 8 + 4);
    expect(existsSync(here('down.csv'))).toBe(false);
    given = -100;
    const again = await cli(...line);
    expect(again.code).toBe(0);
    expect(again.err).toContain('going on after 5 of 20 files');
    await cli('--dicomweb', url, '--out', 'up.csv');
    expect(readFileSync(here('down.csv'), 'utf8')).toBe(readFileSync(here('up.csv'), 'utf8'));
  });

  it('sends Authorization from the environment, and says nothing of it or of the query where it fails', async () => {
    process.env.SALAD_AD_DICOMWEB_AUTHORIZATION = 'Bearer secret';
    const { url, asked } = await serving((_, response) => !!response.writeHead(403).end());
    const { code, out, err } = await cli('--dicomweb', url, '--query', 'PatientID=0815');
    delete process.env.SALAD_AD_DICOMWEB_AUTHORIZATION;
    expect(asked[0].headers.authorization).toBe('Bearer secret');
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(/status 403; .*SALAD_AD_DICOMWEB_AUTHORIZATION/);
    expect(err).not.toMatch(/secret|0815/);
  });

  it.each(['the list', 'a film'])('ends by Ctrl-C while %s is waited for', async (what) => {
    const busy = (path: string) => (path === 'instances') === (what === 'the list');
    let child: ReturnType<typeof spawn> | undefined;
    const { url, asked } = await serving(({ path }, response) => {
      if (!busy(path)) return false;
      response.writeHead(503, { 'retry-after': '3600' }).end();
      // Once the wait has begun.
      setTimeout(() => child?.kill('SIGINT'), 300);
      return true;
    });
    const line = ['score', '--dicomweb', url, '--model', 'model', '--out', 'stopped.csv'];
    child = spawn(program(), line, { cwd: folder, stdio: 'ignore' });
    const code = await new Promise((resolve) => child?.once('close', resolve));
    expect(code).toBe(130);
    // Each once: the second time would be after the longest wait, of 30 s.
    expect(asked.filter(({ path, before }) => busy(path) && before > 0)).toEqual([]);
    expect(existsSync(here('stopped.csv'))).toBe(false);
  });

  it('refuses lines that contradict themselves', async () => {
    const url = 'http://127.0.0.1:9/dicom-web';
    expect((await cli('films', '--dicomweb', url)).err).toContain('in place of FILES');
    expect((await cli('films', '--query', 'Modality=DX')).err).toContain(
      '--query needs --dicomweb',
    );
    const twice = await cli(
      '--dicomweb',
      url,
      '--query',
      'Modality=DX&Modality=CR',
      '--out',
      'x.csv',
    );
    expect(twice).toMatchObject({ code: 2 });
    expect(existsSync(here('x.csv'))).toBe(false);
  });
});
