import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tableName, watchState } from '../../../src/cli/results/watch-state.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const state = at('drift.json');

it('a table is the same by any path', async () => {
  writeFileSync(at('monday.csv'), '');
  mkdirSync(at('sub'));
  symlinkSync(at('monday.csv'), at('sub/link.csv'));
  for (const path of [at('monday.csv'), relative('.', at('monday.csv')), at('sub/link.csv')])
    expect(await tableName(path, state)).toBe('monday.csv');
});

it('a state is read back, and what is none is refused', async () => {
  expect(await watchState(state)).toBeUndefined();
  const taken = { key: 'k', hashes: Buffer.alloc(16).toString('base64') };
  const kept = { monitor: {}, traits: { view: 'category' }, taken };
  writeFileSync(state, JSON.stringify(kept));
  expect(await watchState(state)).toEqual(kept);
  for (const text of [
    '{',
    'null',
    '[]',
    JSON.stringify({ ...kept, traits: null }),
    JSON.stringify({ ...kept, taken: { key: 'k', hashes: 'AAAA' } }),
  ]) {
    writeFileSync(state, text);
    await expect(watchState(state)).rejects.toThrow('is no state of `salad-ad watch`');
  }
});
