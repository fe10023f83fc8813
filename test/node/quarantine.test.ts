import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quarantine } from '../../src/node/quarantine.js';

// Both forms of the file system: a quarantine on the same device, and on another.
let near = true;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  return {
    ...real,
    rename: (...names: Parameters<typeof real.rename>) =>
      near || String(names[0]).endsWith('.partial')
        ? real.rename(...names)
        : Promise.reject(Object.assign(new Error('another device'), { code: 'EXDEV' })),
  };
});

let place = '';
const root = () => join(place, 'films');
const aside = () => join(place, 'films-quarantine');
const problem = (id: string, code = 'IMAGE_INVALID') => ({ index: 0, id, code, message: 'torn' });
const lines = async () =>
  (await files.readFile(join(aside(), 'quarantine.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeEach(async () => {
  place = await files.mkdtemp(join(tmpdir(), 'salad-quarantine-'));
  await files.mkdir(join(root(), 'a'), { recursive: true });
  await files.writeFile(join(root(), 'a', 'torn.png'), 'first');
});
afterEach(() => files.rm(place, { recursive: true, force: true }));

describe.each([true, false])('quarantine (on the same device: %s)', (same) => {
  beforeEach(() => {
    near = same;
  });

  it('moves a file and says why', async () => {
    const put = quarantine({ root: root() });
    expect(await put(problem('a/torn.png'))).toBe(`moved to ${basename(aside())}/a/torn.png`);
    expect(await files.readdir(join(root(), 'a'))).toEqual([]);
    expect(await files.readFile(join(aside(), 'a', 'torn.png'), 'utf8')).toBe('first');
    const [line] = await lines();
    expect(line).toMatchObject({
      path: 'a/torn.png',
      name: 'a/torn.png',
      copy: false,
      id: 'a/torn.png',
      code: 'IMAGE_INVALID',
      message: 'torn',
    });
    expect(new Date(line.when).toISOString()).toBe(line.when);
  });

  it('copies where it is asked to, from the path that it is told', async () => {
    const put = quarantine({ root: root(), copy: true, pathOf: ({ id }) => `a/${id}.png` });
    expect(await put(problem('torn'))).toBe(`copied to ${basename(aside())}/a/torn.png`);
    expect(await files.readFile(join(root(), 'a', 'torn.png'), 'utf8')).toBe('first');
    expect(await files.readFile(join(aside(), 'a', 'torn.png'), 'utf8')).toBe('first');
  });

  it('overwrites nothing', async () => {
    const put = quarantine({ root: root() });
    for (const content of ['first', 'second', 'third']) {
      await files.writeFile(join(root(), 'a', 'torn.png'), content);
      await put(problem('a/torn.png'));
    }
    await files.writeFile(join(root(), 'quarantine.jsonl'), 'no lines of ours');
    expect(await put(problem('quarantine.jsonl'))).toBe(
      `moved to ${basename(aside())}/quarantine (2).jsonl`,
    );
    expect((await files.readdir(join(aside(), 'a'))).sort()).toEqual([
      'torn (2).png',
      'torn (3).png',
      'torn.png',
    ]);
    expect(await files.readFile(join(aside(), 'a', 'torn (3).png'), 'utf8')).toBe('third');
    expect((await lines()).map(({ name }) => name)).toEqual([
      'a/torn.png',
      'a/torn (2).png',
      'a/torn (3).png',
      'quarantine (2).jsonl',
    ]);
  });

  it('keeps a file where no line can be written', async () => {
    await files.mkdir(join(aside(), 'quarantine.jsonl'), { recursive: true });
    const put = quarantine({ root: root() });
    expect(await put(problem('a/torn.png'))).toBe('stays where it is: EISDIR');
    expect(await files.readFile(join(root(), 'a', 'torn.png'), 'utf8')).toBe('first');
    expect(await files.readdir(aside())).toEqual(['quarantine.jsonl']);
  });

  it('leaves what it cannot move, and says so', async () => {
    await files.writeFile(join(place, 'other.png'), 'other');
    await files.symlink(join(place, 'other.png'), join(root(), 'link.png'));
    await files.symlink(place, join(root(), 'out'));
    await files.mkdir(join(root(), 'folder.png'));
    await files.writeFile(join(root(), `${'n'.repeat(250)}.png`), 'long');
    const put = quarantine({ root: root() });
    expect(await put(problem('link.png'))).toContain('no plain file');
    expect(await put(problem('folder.png'))).toContain('no plain file');
    expect(await put(problem('gone.png'))).toBe('stays where it is: ENOENT');
    expect(await put(problem('../other.png'))).toContain('outside of its folder');
    expect(await put(problem('out/other.png'))).toContain('behind a link');
    expect(await put(problem('a/torn.png', 'IMAGE_UNREADABLE'))).toBe('stays where it is');
    expect(await put(problem(`${'n'.repeat(250)}.png`))).toMatch(/^moved/);
    expect(await files.readFile(join(place, 'other.png'), 'utf8')).toBe('other');
    expect((await lines()).length).toBe(1);
  });

  it('moves many at once, a line each', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `ä ${i} 日.png`);
    for (const name of names) await files.writeFile(join(root(), name), name);
    const put = quarantine({ root: root() });
    await Promise.all(names.map((name) => put(problem(name))));
    expect((await lines()).map(({ name }) => name)).toEqual(names);
    for (const name of names) expect(await files.readFile(join(aside(), name), 'utf8')).toBe(name);
  });
});

it.each(['IMAGE_UNSUPPORTED', 'IMAGE_TOO_LARGE', 'IMAGE_UNREADABLE'])(
  'leaves a file of %s, which may be sound, unless it is told to move such',
  async (code) => {
    expect(await quarantine({ root: root() })(problem('a/torn.png', code))).toBe(
      'stays where it is',
    );
    const told = quarantine({ root: root(), codes: [code] });
    expect(await told(problem('a/torn.png', code))).toBe(
      `moved to ${basename(aside())}/a/torn.png`,
    );
  },
);

it('takes no folder within the images', () => {
  expect(() => quarantine({ root: root(), folder: join(root(), 'bad') })).toThrow('INVALID_OPTION');
});
