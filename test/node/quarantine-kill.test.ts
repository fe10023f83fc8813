import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quarantine } from '../../src/node/quarantine.js';

// A process is killed before each of the changes that it makes to the disk, and another one goes on: every file ends in one place,
// whole, with one line.

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const id = 'a/torn.png';

// Without tsx: in Node 20 two modules that are preloaded, one of which brings loaders, can wait for each other for ever.
let program = '';
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'salad-put-aside-'));
  program = join(folder, 'put-aside.mjs');
  const entryPoints = [here('put-aside.ts')];
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm' });
});
afterAll(() => rm(dirname(program), { recursive: true, force: true }));

let place = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'salad-killed-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function folderWith(name: string, content: string): Promise<string> {
  const root = join(place, name);
  await mkdir(join(root, 'a'), { recursive: true });
  await writeFile(join(root, id), content);
  return root;
}

/** Whether the process was killed before it had done all. */
function isKilled(root: string, copy: boolean, farAway: boolean, killBefore: number): boolean {
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    ['--import', here('kill-after.mjs'), program, root, copy ? 'copy' : 'move', id],
    {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, KILL_BEFORE: String(killBefore), FAR_AWAY: String(farAway) },
    },
  );
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(stderr);
  return signal === 'SIGKILL';
}

/** As the next run does, in which the image cannot be read either where its file is still there. */
const next = (root: string, copy: boolean) =>
  quarantine({ root, copy })({ index: 0, id, code: 'IMAGE_INVALID', message: 'torn' });

async function linesOf(root: string): Promise<{ name: string }[]> {
  const text = await readFile(join(`${root}-quarantine`, 'quarantine.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe.each([
  ['moving', 'a film', false, false],
  ['moving an empty file', '', false, false],
  ['moving to another device', 'a film', false, true],
  ['copying', 'a film', true, false],
])('%s', (_, content, copy, farAway) => {
  it('is brought to its end by the next process, wherever the first one was killed', async () => {
    let step = 1;
    for (let killed = true; killed; step++) {
      const root = await folderWith(`films-${step}`, content);
      killed = isKilled(root, copy, farAway, step);
      const when = `killed before step ${step}`;
      expect(await next(root, copy), when).toMatch(/^(moved|copied) to|ENOENT$/);
      const aside = join(`${root}-quarantine`, 'a');
      expect(await readdir(aside), when).toEqual(['torn.png']);
      expect(await readFile(join(aside, 'torn.png'), 'utf8'), when).toBe(content);
      expect(await readdir(join(root, 'a')), when).toEqual(copy ? ['torn.png'] : []);
      expect(
        (await linesOf(root)).map(({ name }) => name),
        when,
      ).toEqual([id]);
    }
    expect(step).toBeGreaterThan(6);
  }, 300_000);
});

it('takes another file in the place of one that was moved for one of its own', async () => {
  const root = await folderWith('films', 'first film');
  await next(root, false);
  await writeFile(join(root, id), 'other film');
  expect(await next(root, false)).toBe(`moved to ${basename(root)}-quarantine/a/torn (2).png`);
  expect(await readFile(join(`${root}-quarantine`, id), 'utf8')).toBe('first film');
  expect(await linesOf(root)).toHaveLength(2);
});
