import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemReport } from '../../src/data/problem-report.js';
import { quarantine } from '../../src/node/quarantine.js';
import { folderSource, recordSource } from '../../src/node/record-source.js';

const film = encode({
  width: 2,
  height: 2,
  data: new Uint8Array(4).fill(9),
  channels: 1,
  depth: 8,
});

let place = '';
let root = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'salad-quarantining-'));
  root = join(place, 'films');
  await mkdir(root);
  await writeFile(join(root, 'a.png'), film);
  await writeFile(join(root, 'b.png'), film.subarray(0, 50));
});
afterEach(() => rm(place, { recursive: true, force: true }));

describe('a source that puts files aside', () => {
  it('does so once, and gives the reason ever after', async () => {
    const report = new ProblemReport();
    const records = [
      { path: 'b.png', id: 'torn' },
      { path: 'a.png', id: 'whole' },
      { path: 'c.png', id: 'gone' },
    ];
    const films = recordSource(root, records, {
      onUnreadable: 'quarantine',
      onProblem: report.add,
    });
    const first = await films.read([1, 0, 2]);
    expect(first.positions).toEqual([0]);
    expect(first.problems?.map(({ code }) => code)).toEqual([
      'IMAGE_TRUNCATED',
      'IMAGE_UNREADABLE',
    ]);
    expect(first.pixels).toEqual(new Uint8Array(4).fill(9));
    const again = await films.read([0, 0]);
    expect(again.problems).toEqual([first.problems?.[0], first.problems?.[0]]);
    expect(await readdir(`${root}-quarantine`)).toEqual(['b.png', 'quarantine.jsonl']);
    expect(
      (await readFile(join(`${root}-quarantine`, 'quarantine.jsonl'), 'utf8')).trim(),
    ).not.toContain('\n');
    expect(report.problems).toMatchObject([
      { index: 0, id: 'torn', times: 3, action: `moved to ${basename(root)}-quarantine/b.png` },
      { index: 2, id: 'gone', action: 'stays where it is' },
    ]);
    // A file that has come back is read.
    await writeFile(join(root, 'b.png'), film);
    expect((await films.read([0])).problems).toBeUndefined();
  });

  it('takes a quarantine of its own, under that policy alone', async () => {
    const folder = join(place, 'aside');
    const films = await folderSource(root, {
      onUnreadable: 'quarantine',
      quarantine: quarantine({ root, folder, copy: true }),
    });
    await films.read([0, 1]);
    expect(await readdir(folder)).toEqual(['b.png', 'quarantine.jsonl']);
    expect(await readdir(root)).toEqual(['a.png', 'b.png']);
    expect(films.locate).toBeUndefined();
    expect(() => recordSource(root, [{ path: 'a.png' }], { quarantine: async () => '' })).toThrow(
      /INVALID_OPTION/,
    );
  });
});
