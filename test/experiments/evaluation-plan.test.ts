import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixPlan } from '../../src/experiments/evaluation-plan.js';
import type { DataFacts, RunRecord } from '../../src/experiments/index.js';
import { newFolder } from './tiny-experiment.js';

const facts = { name: 'chest', hash: 'data', test: { hash: 'test' } } as DataFacts;
const done = (kind: string) =>
  ({
    status: 'done',
    config: { dataHash: 'data', choice: 'labelFree', detector: { kind, scoreMethods: [] } },
  }) as unknown as RunRecord;

it('the plan is written whole by calls that go on at once', async () => {
  const out = await newFolder();
  const path = join(out, 'test.plan.json');
  for (let round = 0; round < 10; round++) {
    const kinds = Array.from({ length: 8 }, (_, i) => `kind${8 * round + i}`);
    await Promise.all(kinds.map((kind) => fixPlan(path, facts, [done(kind)], [])));
  }
  expect(await readdir(out)).toEqual(['test.plan.json']);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ formatVersion: 1 });
  await rm(out, { recursive: true });
});

it('a plan of version 0.1 that says the same is not written again', async () => {
  const out = await newFolder();
  const path = join(out, 'test.plan.json');
  await fixPlan(path, facts, [done('pixelBank')], []);
  const { kinds } = JSON.parse(await readFile(path, 'utf8'));
  const { planned } = kinds['pixel-bank'];
  expect(planned.length).toBe(1);
  const stored = JSON.stringify({
    formatVersion: 1,
    kinds: { 'pixel-bank': { looked: true, planned } },
  });
  await rm(path);
  await writeFile(path, stored);
  await fixPlan(path, facts, [done('pixelBank')], []);
  expect(await readFile(path, 'utf8')).toBe(stored);
  await rm(out, { recursive: true });
});
