import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { splitByPatient, splitFromJSON, splitToJSON } from '../../src/data/index.js';
import { RunFolder } from '../../src/experiments/run-folder.js';
import { readRun } from '../../src/experiments/run-record.js';
import { isSaladError } from '../../src/support/errors.js';
import { singles } from '../splits/drawn-records.js';

// Every file of JSON that is read back, with each of its values in turn replaced by one of another type: what comes is an error
// of the library, never one of JavaScript's.

const fixture = fileURLToPath(new URL('../fixtures/experiment-0.1', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'salad-changed-'));
  await cp(fixture, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const OTHERS = [null, 'text', -1.5, [], {}, true, undefined];

/** Every copy of a JSON value with one value in it replaced. */
function* changed(json: unknown): Generator<unknown> {
  yield* OTHERS;
  if (typeof json !== 'object' || json === null) return;
  for (const [name, value] of Object.entries(json).slice(0, 40))
    for (const other of changed(value))
      yield Array.isArray(json)
        ? json.map((one, i) => (String(i) === name ? other : one))
        : { ...json, [name]: other };
}

it('a split', async () => {
  const records = singles(6, (i) => (i % 3 ? 0 : 1));
  const json = await splitToJSON(
    splitByPatient(records, { parts: { train: 0.5, test: 0.5 }, seed: 1 }),
  );
  const wrong: string[] = [];
  for (const one of changed(json))
    await splitFromJSON(one as typeof json, records).catch((error) => {
      if (!isSaladError(error)) wrong.push(`${error}: ${JSON.stringify(one)}`.slice(0, 300));
    });
  expect(wrong).toEqual([]);
});

it('a plan of evaluations', async () => {
  const name = (await readdir(folder)).find((one) => one.endsWith('.plan.json')) as string;
  const json = JSON.parse(await readFile(join(folder, name), 'utf8'));
  const facts = { name: 'bands', hash: '0', test: { hash: name.replace('.plan.json', '') } };
  const runs = await RunFolder.open(folder);
  const wrong: string[] = [];
  for (const one of changed(json)) {
    await writeFile(join(folder, name), JSON.stringify(one) ?? '');
    await runs.fixPlan(facts as never).catch((error) => {
      if (!isSaladError(error)) wrong.push(`${error}: ${JSON.stringify(one)}`.slice(0, 300));
    });
  }
  expect(wrong).toEqual([]);
});

it('a run, whose scores are what it was read for', async () => {
  const name = (await readdir(folder)).find((one) => one.startsWith('pixels')) as string;
  const path = join(folder, name);
  const json = JSON.parse(await readFile(path, 'utf8'));
  for (const part of ['test', 'validation', 'status', 'setting', 'config'])
    for (const other of changed(json[part])) {
      await writeFile(path, JSON.stringify({ ...json, [part]: other }));
      const run = await readRun(path);
      if (typeof run === 'object' && run.status === 'done') {
        expect(run.test.scores.score.every(Number.isFinite)).toBe(true);
        expect(run.test.labels).toHaveLength(run.test.scores.score.length);
        expect(run.tried[run.setting]).toBeDefined();
      } else expect(run).toBe('damaged');
    }
});
