import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ReadRow } from '../../../src/cli/results/read-scores.js';
import { takenBefore, watchState } from '../../../src/cli/results/watch-state.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const state = at('drift.json');
const rowsOf = (count: number, shift = 0): ReadRow[] =>
  Array.from({ length: count }, (_, i) => ({ file: `${i}.png`, score: i + shift }));

it('a table is the same by any path, by its rows under another name, and as it grows', async () => {
  for (const name of ['monday.csv', 'tuesday.csv']) writeFileSync(at(name), '');
  mkdirSync(at('sub'));
  symlinkSync(at('monday.csv'), at('sub/link.csv'));
  copyFileSync(at('monday.csv'), at('copy.csv'));
  const taken = (path: string, rows: ReadRow[], tables = {}) =>
    takenBefore(tables, { path, state, rows });
  const first = await taken(at('monday.csv'), rowsOf(5));
  expect(first.seen).toBe(0);
  expect(Object.keys(first.tables)).toEqual(['monday.csv']);
  for (const path of [at('./monday.csv'), relative('.', at('monday.csv')), at('sub/link.csv')]) {
    const again = await taken(path, rowsOf(7), first.tables);
    expect([again.seen, Object.keys(again.tables)]).toEqual([5, ['monday.csv']]);
  }
  const copy = await taken(at('copy.csv'), rowsOf(7), first.tables);
  expect(copy.seen).toBe(5);
  // The first has grown by what came with its copy.
  expect((await taken(at('monday.csv'), rowsOf(8), copy.tables)).seen).toBe(7);
  // The same names with other scores are other films.
  expect((await taken(at('tuesday.csv'), rowsOf(5, 1), copy.tables)).seen).toBe(0);
  for (const rows of [rowsOf(5, 1), rowsOf(4)])
    await expect(taken(at('monday.csv'), rows, first.tables)).rejects.toThrow(
      'is not the table whose first 5 rows were taken in before, for films or scores are others; give the new table another name',
    );
  expect(JSON.stringify(copy.tables)).not.toContain('png');
});

it('a film that a later try gives a score to was taken in all the same', async () => {
  const path = at('monday.csv');
  const failed = [...rowsOf(4), { file: '4.png', problem: 'IMAGE_UNREADABLE: busy' }];
  const { tables } = await takenBefore({}, { path, state, rows: failed });
  expect((await takenBefore(tables, { path, state, rows: rowsOf(6) })).seen).toBe(5);
  const changed = rowsOf(6).map((row, i) => (i === 2 ? { ...row, score: 9 } : row));
  await expect(takenBefore(tables, { path, state, rows: changed })).rejects.toThrow('give the new');
});

it('a state is read back, and what is none is refused', async () => {
  expect(await watchState(state)).toBeUndefined();
  const kept = { monitor: {}, traits: { view: 'category' }, tables: {} };
  writeFileSync(state, JSON.stringify(kept));
  expect(await watchState(state)).toEqual(kept);
  for (const text of [
    '{',
    'null',
    '[]',
    '{"monitor":{},"traits":{},"tables":{"a.csv":{"rows":5}}}',
  ]) {
    writeFileSync(state, text);
    await expect(watchState(state)).rejects.toThrow('is no state of `salad-ad watch`');
  }
});
