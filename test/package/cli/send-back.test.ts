import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readBack } from '../../dicom/results/read-back.js';
import { archive, type Fault, listed, sendStored, storedIn } from '../../dicom/web/archive.js';
import { filmsAndModel } from './films.js';
import { run } from './run.js';

const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
/** As built, from the repository, where fast-png and the others are. */
const cli = (...args: string[]) =>
  run([resolve('dist/cli.js'), 'score', ...args, '--model', 'model'], {
    cwd: folder,
    program: process.execPath,
  });

/** Ten abnormal films by UID, as dicom-films.ts numbers them and their studies and series. */
const films = () =>
  new Map(
    readdirSync(here('films/abnormal'))
      .sort()
      .slice(0, 10)
      .map((name, i) => [
        `1.2.3.${1001 + i}`,
        new Uint8Array(readFileSync(here('films/abnormal', name))),
      ]),
  );
const item = (uid: string) => ({
  ...listed(uid),
  '0020000D': { vr: 'UI', Value: [uid.replace('1.2.3.', '1.2.4.')] },
  '0020000E': { vr: 'UI', Value: [uid.replace('1.2.3.', '1.2.5.')] },
});
let close = async (): Promise<unknown> => undefined;
afterEach(async () => {
  await close();
  for (const end of ['', '.partial', '.sent']) rmSync(here(`scores.csv${end}`), { force: true });
});
async function serving(
  fault: Fault = () => false,
  listing = item,
  kept: Map<string, Uint8Array> = films(),
) {
  const served = await archive(
    kept,
    (request, response) => request.body.length > 0 && fault(request, response),
    listing,
  );
  close = served.close;
  const line = ['--dicomweb', served.url, '--query', 'Modality=CR', '--out', 'scores.csv'];
  return { ...served, line };
}
const scores = () =>
  readFileSync(here('scores.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','));
/** The film that an object is about, and its score where it is a report. */
const about = (file: Uint8Array) => {
  const items = readBack(file).items('x0040a730') ?? [];
  const number = items.flatMap((one) => one.items('x0040a300')?.[0].string('x0040a30a') ?? [])[0];
  const film = items.flatMap((one) => one.items('x00081199')?.[0].string('x00081155') ?? [])[0];
  return [film, Number(number)];
};

describe('score --send-back', () => {
  it('stores a report for each film in its study, with the score of the table', async () => {
    const { line, stored } = await serving();
    const { code, err } = await cli(...line, '--send-back', 'report');
    expect(code).toBe(0);
    expect(err).toMatch(/stored 10 reports in the archive, marked as research software/);
    const found = stored.map(({ file }) => about(file)).sort();
    expect(found.map(([film]) => film)).toEqual([...films().keys()].sort());
    for (const [i, [film, score]] of scores().entries())
      expect(found[i]).toEqual([film, Number(Number(score).toPrecision(9))]);
    for (const { file, study } of stored) {
      expect(readBack(file).string('x0020000d')).toBe(study);
      expect(readBack(file).string('x00100020')).toMatch(/^abnormal-0-\d+$/);
      const words = (readBack(file).items('x0040a730') ?? []).map((one) => one.string('x0040a160'));
      expect(words).toContainEqual(expect.stringMatching(/^SHA-256 [0-9a-f]{64}$/));
      expect(words).toContainEqual(
        expect.stringMatching(/of new normal images are expected to reach it/),
      );
      expect(words).toContainEqual(expect.stringMatching(/^promises hold for new normal images/));
    }
    // Neither what is said nor what is left on the disk names a patient or a study.
    const left = ['scores.csv', 'scores.csv.sent'].map((name) => readFileSync(here(name), 'utf8'));
    expect([err, ...left].join()).not.toMatch(/abnormal-0|1\.2\.4\.|MILLER|0815/);
    expect(existsSync(here('scores.csv.partial'))).toBe(false);

    // The same line again has nothing to send.
    const again = await cli(...line, '--send-back', 'report');
    expect(again.err).toMatch(/stored 0 reports in the archive, beside 10 that it had/);
    expect(stored).toHaveLength(10);
  });

  it('sends nothing unless it is asked to', async () => {
    const { line, stored } = await serving();
    expect((await cli(...line)).code).toBe(0);
    expect(stored).toEqual([]);
    expect(existsSync(here('scores.csv.sent'))).toBe(false);
  });

  it('keeps every score where the server takes some and fails, and sends the rest on a later run, none twice', async () => {
    let taken = 0;
    const { line, stored } = await serving((request, response) => {
      // A reason for which nobody waits: the request is not made again.
      if (++taken > 4) sendStored(response, storedIn(request).uid, 0x0122, 409);
      return taken > 4;
    });
    const { code, err } = await cli(...line, '--send-back', 'report');
    expect(code).toBe(5);
    expect(err).toMatch(
      /the server did not take it \(failure reason 0x0122\).* \(4 of 10 results are in the archive, as 'scores.csv.sent' lists, and all scores are kept; give the same line again to send the rest\)\n$/,
    );
    expect(scores()).toHaveLength(10);
    const table = readFileSync(here('scores.csv'), 'utf8');
    const first = stored.map(({ uid }) => uid);

    taken = -100;
    const again = await cli(...line, '--send-back', 'report');
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/going on after 10 of 10 files/);
    expect(again.err).toMatch(/stored 6 reports in the archive, beside 4 that it had/);
    expect(new Set(stored.map(({ uid }) => uid)).size).toBe(10);
    expect(stored.map(({ uid }) => uid).slice(0, 4)).toEqual(first);
    expect(stored).toHaveLength(10);
    expect(readFileSync(here('scores.csv'), 'utf8')).toBe(table);
  });

  it('stores nothing in a study that is not that of the film, whatever the list says', async () => {
    const lied = '1.2.3.1004';
    const { line, stored } = await serving(undefined, (uid) =>
      uid === lied ? { ...item(uid), '0020000D': { vr: 'UI', Value: ['1.2.99'] } } : item(uid),
    );
    const { code, err } = await cli(...line, '--send-back', 'report');
    expect(code).toBe(5);
    expect(err).toMatch(/is not of the study of the record.*\(9 of 10 results are in the archive/);
    expect(stored.map(({ file }) => about(file)[0])).not.toContain(lied);
    expect(stored).toHaveLength(9);
  });

  it('goes on after kill -9 with what the server has not said that it has', async () => {
    let child: ChildProcess | undefined;
    let posts = 0;
    const { line, stored } = await serving((_, response) => {
      if (++posts !== 7) return false;
      child?.kill('SIGKILL');
      return !!response.destroy();
    });
    const send = ['score', ...line, '--model', 'model', '--send-back', 'report'];
    const killed = await run([resolve('dist/cli.js'), ...send], {
      cwd: folder,
      program: process.execPath,
      meanwhile(running) {
        child = running;
      },
    });
    expect(killed.code).toBe(null);
    const { code, err } = await cli(...line, '--send-back', 'report');
    expect(code).toBe(0);
    expect(err).toMatch(/going on after 10 of 10 files/);
    // Those that were on their way may have come twice: with one UID, by which the server knows them.
    expect(new Set(stored.map(({ uid }) => uid)).size).toBe(10);
    expect(stored.length).toBeLessThanOrEqual(13);
  });

  it('stores a secondary capture with the map over the film', async () => {
    const { line, stored } = await serving();
    const { code, err } = await cli(...line, '--send-back', 'capture');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(stored).toHaveLength(10);
    for (const { file } of stored) {
      const data = readBack(file);
      expect(data.string('x00080060')).toBe('OT');
      expect([data.uint16('x00280011'), data.string('x00280004')]).toEqual([512, 'RGB']);
      // A line above, three below, letters of twice their size.
      expect(data.uint16('x00280010')).toBe(512 + 2 * (9 + 2) + 2 * (3 * 9 + 2));
    }
  });

  it.each(['report', 'capture'] as const)(
    'makes no results of results, where the server lists each %s whatever is asked for',
    async (kind) => {
      const first = await serving();
      expect((await cli(...first.line, '--send-back', kind)).code).toBe(0);
      await first.close();
      rmSync(here('scores.csv.sent'));
      const results = first.stored.map(({ uid, file }) => [uid, file] as const);
      const modality = (uid: string) => (films().has(uid) ? 'CR' : kind === 'report' ? 'SR' : 'OT');
      const { line, stored, asked } = await serving(
        undefined,
        (uid) => ({ ...item(uid), '00080060': { vr: 'CS', Value: [modality(uid)] } }),
        new Map([...films(), ...results]),
      );
      const { code, err } = await cli(...line, '--send-back', kind);
      expect(code).toBe(0);
      expect(err).toMatch(/"OTHER_MODALITY".*listed 10 instances of another modality/);
      expect(scores().map(([file]) => file)).toEqual([...films().keys()].sort());
      // The same ones again, none about a result.
      expect(stored.map(({ uid }) => uid).sort()).toEqual(results.map(([uid]) => uid).sort());
      const opened = asked.map(({ path }) => path.split('/').at(-1));
      expect(results.filter(([uid]) => opened.includes(uid))).toEqual([]);
    },
  );

  it('makes none of a capture either where the list does not say what it is', async () => {
    const first = await serving();
    expect((await cli(...first.line, '--send-back', 'capture')).code).toBe(0);
    await first.close();
    rmSync(here('scores.csv.sent'));
    const results = first.stored.map(({ uid, file }) => [uid, file] as const);
    const { line, stored } = await serving(
      undefined,
      undefined,
      new Map([...films(), ...results.slice(0, 2)]),
    );
    const { code, err } = await cli(...line, '--send-back', 'report');
    expect(code).toBe(5);
    expect(err).toContain('2 of 12 files could not be read');
    expect(stored.map(({ file }) => about(file)[0]).sort()).toEqual([...films().keys()].sort());
  });

  it('sends from every shard', async () => {
    const { line, stored } = await serving();
    for (const shard of ['1/2', '2/2'])
      expect((await cli(...line, '--send-back', 'report', '--shard', shard)).code).toBe(0);
    expect(new Set(stored.map(({ uid }) => uid)).size).toBe(10);
    expect(stored).toHaveLength(10);
    for (const i of [1, 2]) rmSync(here(`scores.csv.${i}-of-2.sent`), { force: true });
  });

  it('writes the table of shards though some results cannot be sent, and sends them by the same lines', async () => {
    const refused = new Set(['1.2.3.1004', '1.2.3.1008']);
    let refuses = true;
    const { line, stored } = await serving(undefined, (uid) =>
      refuses && refused.has(uid)
        ? { ...item(uid), '0020000D': { vr: 'UI', Value: ['1.2.99'] } }
        : item(uid),
    );
    const send = (i: number) => cli(...line, '--send-back', 'report', '--shard', `${i}/2`);
    // Ten films are one batch, which is of the second part.
    expect((await send(1)).code).toBe(0);
    const second = await send(2);
    expect(second.code).toBe(5);
    expect(second.err).toMatch(/8 of 10 results are in the archive.*give the same line again/);
    expect(scores()).toHaveLength(10);
    expect(existsSync(here('scores.csv.2-of-2'))).toBe(true);
    const table = readFileSync(here('scores.csv'), 'utf8');

    refuses = false;
    const again = await send(2);
    expect(again.err).toMatch(/stored 2 reports in the archive, beside 8 that it had/);
    expect(again.code).toBe(0);
    expect(stored).toHaveLength(10);
    expect(readFileSync(here('scores.csv'), 'utf8')).toBe(table);
    for (const i of [1, 2]) rmSync(here(`scores.csv.${i}-of-2.sent`), { force: true });
    expect(readdirSync(folder).filter((name) => name.startsWith('scores.csv.'))).toEqual([]);
  });

  it('refuses lines that would lose results, or find them as films', async () => {
    const url = 'http://127.0.0.1:9/dicom-web';
    const said = async (...args: string[]) => {
      const { code, err } = await cli(...args, '--send-back', 'report');
      expect(code).toBe(2);
      return err;
    };
    expect(await said('films')).toContain('--send-back needs --dicomweb URL');
    expect(await said('--dicomweb', url, '--query', 'Modality=CR')).toContain('needs --out FILE');
    expect(await said('--dicomweb', url, '--out', 'scores.csv')).toContain('Modality=DX');
    for (const query of ['Modality=', 'Modality=*', 'Modality=DX,SR', 'Modality=OT'])
      expect(await said('--dicomweb', url, '--query', query, '--out', 'scores.csv')).toContain(
        'not SR or OT',
      );
  });
});
