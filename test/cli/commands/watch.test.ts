import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { watch } from '../../../src/cli/commands/watch.js';
import type { Speaker } from '../../../src/cli/frame/command.js';

vi.mock('../../../src/cli/frame/library.js', async () => {
  const monitor = await import('../../../src/monitor/index.js');
  return { library: () => monitor };
});
const held = vi.hoisted(() => ({ check: () => {}, release: async () => {} }));
vi.mock('../../../src/cli/frame/hold.js', () => ({ hold: async () => held }));

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes no state where another run has taken its place meanwhile', async () => {
  const scores = join(folder, 'scores.csv');
  const state = join(folder, 'drift.json');
  writeFileSync(scores, 'file,score\na.png,1\nb.png,2\n');
  const say = { print() {}, note() {}, warning() {} } as unknown as Speaker;
  held.check = () => {
    throw new Error('taken over');
  };
  await expect(watch.run([scores], { state }, say)).rejects.toThrow('taken over');
  expect(existsSync(state)).toBe(false);
  held.check = () => {};
  expect(await watch.run([scores], { state }, say)).toBe(0);
  expect(existsSync(state)).toBe(true);
});
