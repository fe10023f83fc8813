import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { oldestKind, renamedKind } from '../../src/baselines/renamed-kinds.js';
import { hashOf } from '../../src/experiments/identity.js';
import { type ExperimentConfig, runExperiment } from '../../src/experiments/index.js';
import { type RunRecord, readRun } from '../../src/experiments/run-record.js';
import { codeOf } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { newFolder, tinyConfig, tinyData } from './tiny-experiment.js';

beforeAll(() => useBackend('cpu'));

/** The same JSON, its kinds under other names. */
function withKinds<Value>(value: Value, name: (kind: string) => string): Value {
  const text = JSON.stringify(value);
  return JSON.parse(text.replace(/"kind":"([^"]+)"/g, (_, kind) => `"kind":"${name(kind)}"`));
}

it('runs of version 0.1.0 are whole, and those of today', async () => {
  const runs = fileURLToPath(new URL('../../benchmarks/quality/results/runs', import.meta.url));
  // One whose options hold a kind too.
  const names = (await readdir(runs)).filter((name) => name.startsWith('lof-on-memdae'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names.slice(0, 3)) {
    const record = (await readRun(join(runs, name))) as RunRecord;
    const { id, config } = record;
    expect(config.detector.kind).toBe('lof');
    const today = withKinds(config, renamedKind);
    expect(today.detector).toMatchObject({
      kind: 'localOutlierFactor',
      options: { features: { kind: 'memDae' } },
    });
    expect(hashOf(today)).toBe(id);
  }
});

it('a config and a plan with older names of kinds go on under the new ones', async () => {
  const out = await newFolder();
  const dataSets = { bands: tinyData };
  const older: ExperimentConfig = withKinds({ ...tinyConfig, seeds: [1] }, oldestKind);
  expect(older.detectors[1].kind).toBe('pixel-bank');
  const { cells } = await runExperiment(older, { dataSets, out });
  const file = (await readdir(out)).find((name) => name.endsWith('.plan.json')) as string;
  const path = join(out, file);
  const plan = (await readFile(path, 'utf8')).replace('"pixelBank"', '"pixel-bank"');
  await writeFile(path, plan);

  const onProgress = () => expect.unreachable('nothing was left to run');
  const newer = withKinds(older, renamedKind);
  const again = await runExperiment(newer, { dataSets, out, onProgress });
  expect(again.cells.map(({ run }) => run)).toEqual(cells.map(({ run }) => run));
  // What changes nothing is not written.
  expect(await readFile(path, 'utf8')).toBe(plan);
  const detectors = [{ name: 'other', kind: 'pixelBank', options: { scoreNeighbors: 2 } }];
  const late = runExperiment({ ...newer, detectors }, { dataSets, out });
  expect(await codeOf(late)).toBe('TEST_SELECTION');
  await rm(out, { recursive: true });
});
