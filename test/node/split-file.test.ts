import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { splitByPatient } from '../../src/data/index.js';
import { loadSplit, saveSplit } from '../../src/node/index.js';
import { singles } from '../splits/drawn-records.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'salad-ad-split-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a split is written whole, over an earlier one, and read again', async () => {
  const records = singles(40, (i) => (i % 4 ? 0 : 1));
  const path = join(folder, 'made/when/missing/split.json');
  for (const seed of [1, 2]) {
    const split = splitByPatient(records, { parts: { train: 0.5, test: 0.5 }, seed });
    await saveSplit(path, split);
    expect(await loadSplit(path, records)).toEqual(split);
  }
  expect(await readdir(join(path, '..'))).toEqual(['split.json']);
  // A path a line, so that versions of the file can be compared line by line.
  expect((await readFile(path, 'utf8')).split('\n').length).toBeGreaterThan(40);
});

test('an error of the split names the call that was made', async () => {
  const records = singles(8, () => 0);
  const path = join(folder, 'other.json');
  await saveSplit(path, splitByPatient(records, { parts: { train: 0.5, test: 0.5 }, seed: 1 }));
  const fewer = loadSplit(path, records.slice(1));
  await expect(fewer).rejects.toThrow(/^loadSplit: 1 of 8 images of the split are not among/);
});

test('a file that is cut off or gone is told by name', async () => {
  const path = join(folder, 'cut.json');
  await writeFile(path, '{"format": "salad-ad sp');
  await expect(loadSplit(path, [])).rejects.toThrow(/cut.json' is not JSON.*FORMAT_VERSION/);
  await writeFile(path, 'MILLER,0');
  const error = await loadSplit(path, []).catch((thrown) => thrown);
  expect(inspect(error, { depth: 9 })).not.toContain('MILLER');
  await expect(loadSplit(join(folder, 'none.json'), [])).rejects.toThrow(/ENOENT/);
});
