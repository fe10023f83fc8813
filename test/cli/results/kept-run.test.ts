import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Speaker } from '../../../src/cli/frame/command.js';
import { Failure } from '../../../src/cli/frame/failure.js';
import { KeptRows, type Note } from '../../../src/cli/results/kept-rows.js';
import { keptRun } from '../../../src/cli/results/kept-run.js';
import type { ScoreRun } from '../../../src/cli/results/scoring.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-kept-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of a file that is no model, so that nothing is scored. */
const model = join(folder, 'model.onnx');
writeFileSync(model, 'no model');
const run = { place: { kind: 'onnx', path: model }, given: {}, archive: {} } as ScoreRun;
const files = ['films/A.dcm', 'films/MILLER_EVE.dcm'];
/** What an earlier run left, of which the second film is missing. */
async function left(name: string, note: Note): Promise<string> {
  const path = join(folder, name);
  const kept = await KeptRows.open(path, 'key', files);
  await kept.append([{ file: files[0], score: 1 }], note);
  await kept.close();
  return path;
}

/** Goes on, in a place that is this run's for some checks. */
async function goOn(path: string, checks: number, key = 'key') {
  const said: string[] = [];
  const hear = (what: unknown) => said.push(JSON.stringify(what));
  const say = { note: hear, warning: hear, signal: new AbortController().signal };
  let left = checks;
  const check = async () => {
    if (left-- <= 0) throw new Failure(6, 'another run has taken it');
  };
  const held = { check, release: async () => {} };
  const error = await keptRun(run, files, { path, key }, held, say as unknown as Speaker).then(
    () => undefined,
    (cause) => cause,
  );
  return { said, error };
}

describe('keptRun', () => {
  it('writes nothing once another run has the place', async () => {
    for (const note of [{ running: false }, { running: true, at: files[1] }]) {
      const path = await left('lost', note);
      const before = readFileSync(path, 'utf8');
      const { error } = await goOn(path, 0);
      expect(error).toMatchObject({ exitCode: 6, message: expect.stringContaining('has taken') });
      expect(readFileSync(path, 'utf8')).toBe(before);
      rmSync(path);
    }
  });

  it('says nothing of an end in order where the place was lost meanwhile', async () => {
    const path = await left('meanwhile', { running: false });
    const before = readFileSync(path, 'utf8');
    expect((await goOn(path, 1)).error).toBeInstanceOf(Failure);
    expect(readFileSync(path, 'utf8')).toBe(`${before}{"running":true}\n`);
    const own = await left('own', { running: false });
    expect((await goOn(own, 9)).error).toBeInstanceOf(Failure);
    expect(readFileSync(own, 'utf8')).toBe(`${before}{"running":true}\n{"running":false}\n`);
  });

  it('tells of a film that ended the process without its name, which the table has', async () => {
    const path = await left('ended', { running: true, at: files[1] });
    const { said } = await goOn(path, 9);
    expect(said.filter((one) => one.includes('"code":"WORKER_ENDED"'))).toHaveLength(1);
    expect(said.join()).not.toContain('MILLER');
    const kept = await KeptRows.open(path, 'key', files);
    expect([kept.count, kept.unread]).toEqual([2, 1]);
    await kept.close();
  });

  it('puts rows of another line aside, and says where', async () => {
    const path = await left('other', { running: false });
    const before = readFileSync(path, 'utf8');
    const { said } = await goOn(path, 9, 'another');
    expect(said.join()).toContain(`it is '${path}.before' now`);
    expect(readFileSync(`${path}.before`, 'utf8')).toBe(before);
    expect((await goOn(path, 9, 'another')).said.join()).not.toContain('.before');
  });
});
