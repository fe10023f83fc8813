import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tiers } from '../../benchmarks/quality/tiers.js';
import { type DataFacts, factsFromStored } from '../../src/experiments/data-facts.js';
import { cellsOf } from '../../src/experiments/plan.js';
import { RunFolder } from '../../src/experiments/run-folder.js';

// Files of version 0.1, whose words are others than the code's.
const runs = fileURLToPath(new URL('../../benchmarks/quality/results/runs', import.meta.url));

async function storedFacts(): Promise<Readonly<Record<string, DataFacts>>> {
  const names = (await readdir(runs)).filter((name) => name.startsWith('data-'));
  const facts = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(`${runs}/${name}`, 'utf8'))),
  );
  return Object.fromEntries(facts.map((one) => [one.name, factsFromStored(one)]));
}

it('every stored run of the tiers is whole, and found by the config that plans it', async () => {
  const folder = await RunFolder.open(runs, ({ message }) => expect.unreachable(message));
  const data = await storedFacts();
  const files = new Set(await readdir(runs));
  const planned = Object.values(tiers)
    .flat()
    .flatMap((config) => cellsOf({ budgetSeconds: 300, ...config }, data).map(({ run }) => run));
  const missing = planned.filter((run) => folder.get(run) === undefined).map(({ file }) => file);
  expect(missing).toEqual([]);
  expect(planned.filter(({ file }) => !files.has(file))).toEqual([]);
  const found = new Set(planned.map(({ file }) => file));
  const others = [...files].filter(
    (name) => !/^data-|\.plan\.json$/.test(name) && !found.has(name),
  );
  expect(others).toEqual([]);
});
