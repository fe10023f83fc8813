import { execFileSync } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFormat } from '../../src/decoding/image-format.js';
import { dicom } from '../../src/dicom/dicom.js';
import type { ImageProblem } from '../../src/images/problems.js';
import { folderRecords } from '../../src/node/folder-records.js';
import {
  folderSource,
  type RecordSourceOptions,
  recordSource,
} from '../../src/node/record-source.js';
import { codeOf } from '../model/tiny.js';

const grey = (side: number, value: number) =>
  encode({
    width: side,
    height: side,
    data: new Uint8Array(side * side).fill(value),
    channels: 1,
    depth: 8,
  });

let root = '';
let outside = '';
beforeAll(async () => {
  const place = await mkdtemp(join(tmpdir(), 'salad-ad-folder-'));
  root = join(place, 'films');
  outside = join(place, 'outside.png');
  await mkdir(join(root, 'normal', 'deep'), { recursive: true });
  await mkdir(join(root, 'abnormal'), { recursive: true });
  await writeFile(join(root, 'normal', 'b.png'), grey(2, 2));
  await writeFile(join(root, 'normal', 'deep', 'c.PNG'), grey(2, 3));
  await writeFile(join(root, 'normal', 'Z.png'), grey(2, 1));
  await writeFile(join(root, 'abnormal', 'a.jpg'), grey(2, 4));
  await writeFile(join(root, 'abnormal', 'notes.txt'), 'of no image');
  await writeFile(join(root, 'abnormal', '.hidden.png'), 'x');
  await writeFile(outside, grey(2, 9));
});
afterAll(() => rm(join(root, '..'), { recursive: true }));

describe('folderSource', () => {
  it('reads a folder for each class, in an order of its own', async () => {
    const films = await folderSource(root);
    expect(films.ids).toEqual([
      'abnormal/a.jpg',
      'normal/Z.png',
      'normal/b.png',
      'normal/deep/c.PNG',
    ]);
    expect([...(films.labels as Uint8Array)]).toEqual([1, 0, 0, 0]);
    expect(films.ignored).toEqual(['abnormal/notes.txt']);
    expect(await films.read([3, 0, 0])).toEqual({
      pixels: Uint8Array.of(3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4),
      shape: [2, 2, 1],
    });
  });

  it('reads one flat folder, without labels', async () => {
    const films = await folderSource(join(root, 'normal'));
    expect(films.ids).toEqual(['Z.png', 'b.png', 'deep/c.PNG']);
    expect(films.labels).toBeUndefined();
  });

  it('takes labels for folders of other names, and refuses images in none of them', async () => {
    const labels = { normal: 1, abnormal: 0 } as const;
    const films = await folderSource(root, { labels });
    expect([...(films.labels as Uint8Array)]).toEqual([0, 1, 1, 1]);
    await expect(folderSource(root, { labels: { normal: 0 } })).rejects.toThrow(
      "folderSource: 'abnormal/a.jpg' lies in none of the folders normal;",
    );
    expect((await folderSource(root, { labels: false })).labels).toBeUndefined();
  });

  it('says what is wrong with a folder that it cannot list', async () => {
    await expect(folderSource(join(root, 'none'))).rejects.toThrow(/there is no such folder/);
    await expect(folderSource(join(root, 'normal/b.png'))).rejects.toThrow(/it is no folder/);
  });

  it('asks accept which files are images', async () => {
    const { records, ignored } = await folderRecords(root, {
      accept: (path) => path.endsWith('.txt'),
    });
    expect(records).toEqual([{ path: 'abnormal/notes.txt', label: 1 }]);
    expect(ignored).toEqual([
      'abnormal/a.jpg',
      'normal/Z.png',
      'normal/b.png',
      'normal/deep/c.PNG',
    ]);
  });

  it('passes linked folders over and says so', async () => {
    await symlink(root, join(root, 'normal', 'circle'));
    const { records, ignored } = await folderRecords(root);
    await rm(join(root, 'normal', 'circle'));
    expect(records).toHaveLength(4);
    expect(ignored).toEqual(['abnormal/notes.txt', 'normal/circle']);
  });

  it('enters linked folders with followLinks, each once, whatever circles they make', async () => {
    const set = await mkdtemp(join(tmpdir(), 'salad-ad-links-'));
    const elsewhere = await mkdtemp(join(tmpdir(), 'salad-ad-elsewhere-'));
    await mkdir(join(elsewhere, 'deep'));
    await mkdir(join(set, 'abnormal'));
    await writeFile(join(elsewhere, 'a.png'), grey(2, 1));
    await writeFile(join(elsewhere, 'deep', 'b.png'), grey(2, 2));
    await writeFile(join(set, 'abnormal', 'c.png'), grey(2, 3));
    await symlink(elsewhere, join(set, 'normal'));
    // The same films by another name, a part of them, and ways back to where one is.
    await symlink(elsewhere, join(set, 'zweite'));
    await symlink(join(elsewhere, 'deep'), join(set, 'tief'));
    await symlink(set, join(set, 'abnormal', 'circle'));
    await symlink(elsewhere, join(elsewhere, 'deep', 'up'));
    const { records, ignored } = await folderRecords(set, { followLinks: true });
    expect(records).toEqual([
      { path: 'abnormal/c.png', label: 1 },
      { path: 'normal/a.png', label: 0 },
      { path: 'normal/deep/b.png', label: 0 },
    ]);
    expect(ignored).toEqual(['abnormal/circle', 'normal/deep/up', 'tief', 'zweite']);
    const films = await folderSource(set, { followLinks: true });
    expect((await films.read([1, 2])).pixels).toHaveLength(2 * 2 * 2);
    expect(films.summary.headers).toEqual([{ height: 2, width: 2, bits: 8, images: 3 }]);
    await Promise.all([set, elsewhere].map((folder) => rm(folder, { recursive: true })));
  });

  it('sums up what it understood, with sizes and depths of some files', async () => {
    const { summary } = await folderSource(root);
    expect(summary).toMatchObject({
      images: 4,
      classes: { normal: 3, abnormal: 1, unlabelled: 0 },
      parts: {},
      headers: [{ height: 2, width: 2, bits: 8, images: 4 }],
      warnings: [],
    });
    expect(summary.toText()).toBe(
      [
        '4 images: 3 normal, 1 abnormal',
        "  folder 'abnormal': 1 abnormal",
        "  folder 'normal': 3 normal",
        '  4 files looked at: 2 x 2 pixels of 8 bits',
      ].join('\n'),
    );
  });

  it('knows classes by their names, in folders for each part', async () => {
    const set = await mkdtemp(join(tmpdir(), 'salad-ad-parts-'));
    const files = {
      'train/NORMAL/a.png': grey(2, 1),
      'test/NORMAL/b.png': grey(3, 2),
      'test/PNEUMONIA/c.png': grey(2, 3),
      '__MACOSX/test/NORMAL/d.png': grey(2, 4),
      'test/@eaDir/e.png': grey(2, 5),
      'test/PNEUMONIA/f.png': 'damaged',
    };
    for (const [path, bytes] of Object.entries(files)) {
      await mkdir(join(set, path, '..'), { recursive: true });
      await writeFile(join(set, path), bytes);
    }
    const films = await folderSource(set);
    expect(films.records).toEqual([
      { path: 'test/NORMAL/b.png', label: 0, part: 'test' },
      { path: 'test/PNEUMONIA/c.png', label: 1, part: 'test' },
      { path: 'test/PNEUMONIA/f.png', label: 1, part: 'test' },
      { path: 'train/NORMAL/a.png', label: 0, part: 'train' },
    ]);
    expect(films.warnings).toBeUndefined();
    expect(films.summary.headers).toEqual([
      { height: 2, width: 2, bits: 8, images: 2 },
      { height: 3, width: 3, bits: 8, images: 1 },
    ]);
    const train = await folderSource(set, { part: 'train' });
    expect([train.ids, Array.from(train.labels ?? [])]).toEqual([['train/NORMAL/a.png'], [0]]);

    // A link in the place of a class is not entered, and said.
    await rm(join(set, 'train', 'NORMAL'), { recursive: true });
    await symlink(join(root, 'normal'), join(set, 'train', 'NORMAL'));
    const heard: string[] = [];
    const linked = await folderSource(set, { onWarning: ({ code }) => heard.push(code) });
    expect(heard).toEqual(['CLASS_FOLDERS_UNUSED']);
    expect(linked.warnings?.[0].message).toContain("'train/NORMAL' is a link");
    await rm(set, { recursive: true });
  });

  it('refuses a function that labels some of the images', async () => {
    const labels = (path: string) => (path.startsWith('normal') ? 0 : undefined);
    await expect(folderSource(root, { labels })).rejects.toThrow(
      'folderSource: record 0 has no label but others have',
    );
    expect((await folderRecords(root, { labels })).records[0]).toEqual({ path: 'abnormal/a.jpg' });
  });

  it('says which folder cannot be listed, and where there is nothing', async () => {
    expect(await codeOf(folderSource(join(root, 'gone')))).toBe('IMAGE_UNREADABLE');
    await expect(folderRecords(root, { accept: () => false })).rejects.toThrow(
      'found no image among 5 files',
    );
    expect(await codeOf(folderRecords(root, { label: {} } as object))).toBe('UNKNOWN_OPTION');
  });
});

describe('recordSource', () => {
  const problemOf = async (path: string, options: RecordSourceOptions = {}) => {
    const problems: ImageProblem[] = [];
    const skipping = recordSource(root, [{ path }], {
      ...options,
      onUnreadable: 'skip',
      onProblem: (problem) => problems.push(problem),
    });
    const batch = await skipping.read([0]);
    const refusal = await recordSource(root, [{ path }], options)
      .read([0])
      .catch((error) => error);
    const [problem] = problems;
    expect(refusal).toMatchObject({
      code: problem.code,
      message: `recordSource.read: '${path}': ${problem.message} [${problem.code}]`,
      details: { id: path },
    });
    expect(refusal.message).not.toContain(root);
    expect(batch).toMatchObject({ positions: [], problems: [problem] });
    return problem;
  };

  it.each(['../outside.png', 'normal/../../outside.png', '/etc/hostname', '..'])(
    'refuses %s, which leads out of its folder',
    async (path) => {
      const { code, message } = await problemOf(path);
      expect(code).toBe('IMAGE_UNREADABLE');
      expect(message).toContain('leads out of its folder');
    },
  );

  it('takes a path that only looks as if it left', async () => {
    await writeFile(join(root, '..b.png'), grey(2, 7));
    const { pixels } = await recordSource(root, [{ path: '..b.png' }]).read([0]);
    expect([...pixels]).toEqual([7, 7, 7, 7]);
    const roundabout = recordSource(root, [{ path: 'normal/../abnormal/a.jpg' }]);
    expect((await roundabout.read([0])).pixels[0]).toBe(4);
    await rm(join(root, '..b.png'));
  });

  it('follows links within the folder, and out of it only where told to', async () => {
    await symlink(join(root, 'normal', 'b.png'), join(root, 'inside.png'));
    await symlink(outside, join(root, 'link.png'));
    await symlink(join(root, 'nowhere.png'), join(root, 'broken.png'));
    const { pixels } = await recordSource(root, [{ path: 'inside.png' }]).read([0]);
    expect(pixels[0]).toBe(2);
    expect((await problemOf('link.png')).message).toContain('a link that leads out of its folder');
    const told = recordSource(root, [{ path: 'link.png' }], { followLinks: true });
    expect((await told.read([0])).pixels[0]).toBe(9);
    expect((await problemOf('broken.png')).message).toContain('there is no such file');
    for (const name of ['inside', 'link', 'broken']) await rm(join(root, `${name}.png`));
  });

  it('names what the file system refuses', async () => {
    expect((await problemOf('normal/gone.png')).message).toContain('there is no such file');
    expect((await problemOf('normal/b.png/c.png')).message).toContain('is no folder');
    expect((await problemOf('normal')).message).toContain('it is a folder');
    expect((await problemOf(`${'x'.repeat(300)}.png`)).message).toContain('too long');
    execFileSync('mkfifo', [join(root, 'pipe.png')]);
    expect((await problemOf('pipe.png')).message).toContain('it is no file');
    await rm(join(root, 'pipe.png'));
  });

  it('says the id of an image and never its path, which may hold a name', async () => {
    await writeFile(join(root, 'MILLER.large.png'), '');
    await truncate(join(root, 'MILLER.large.png'), 2 ** 30);
    for (const path of ['MILLER.png', 'MILLER.large.png', '../MILLER.png']) {
      const error = await recordSource(root, [{ path, id: 'film 1' }])
        .read([0])
        .catch((thrown) => thrown);
      expect(error.message).toContain("'film 1'");
      expect(inspect(error, { depth: 9 })).not.toContain('MILLER');
    }
    await rm(join(root, 'MILLER.large.png'));
  });

  it('names a file that may not be read', async () => {
    await chmod(join(root, '..'), 0o755);
    await writeFile(join(root, 'secret.png'), grey(2, 1));
    await chmod(join(root, 'secret.png'), 0);
    // For the super-user nothing is denied.
    const superUser = process.getuid?.() === 0;
    if (superUser) process.seteuid?.(65534);
    const problem = await problemOf('secret.png').finally(() => superUser && process.seteuid?.(0));
    expect(problem.message).toContain('permission is denied');
    await rm(join(root, 'secret.png'));
  });

  it('refuses a file larger than any image within the limit before reading it', async () => {
    await writeFile(join(root, 'large.png'), '');
    await truncate(join(root, 'large.png'), 2 ** 30);
    expect((await problemOf('large.png')).code).toBe('IMAGE_TOO_LARGE');
    await rm(join(root, 'large.png'));
  });

  it('refuses an image of more pixels than it may have', async () => {
    const { code, message } = await problemOf('normal/b.png', { maxPixels: 3 });
    expect(code).toBe('IMAGE_TOO_LARGE');
    expect(message).toContain('2 x 2 pixels (height x width); expected at most 3 in all');
  });

  it('tells other files from images', async () => {
    await writeFile(join(root, 'empty.png'), '');
    await writeFile(join(root, 'page.png'), '<!doctype html>');
    expect((await problemOf('empty.png')).code).toBe('IMAGE_TRUNCATED');
    expect((await problemOf('page.png')).message).toContain('the file is text/html');
    expect((await problemOf('abnormal/notes.txt')).code).toBe('IMAGE_INVALID');
    await rm(join(root, 'empty.png'));
    await rm(join(root, 'page.png'));
  });

  it('tells DICOM from other images by their bytes, whatever they are called', async () => {
    const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
    await copyFile(join(fixtures, 'dicom', 'bits-10.dcm'), join(root, 'film.png'));
    const source = recordSource(root, [{ path: 'film.png' }]);
    const bytes = await readFile(join(root, 'film.png'));
    const { pixels, shape } = await dicom().decode(bytes, { maxPixels: 2 ** 20 });
    expect(await source.read([0])).toMatchObject({ pixels, shape });
    expect(imageFormat(bytes)).toBe('application/dicom');
    await rm(join(root, 'film.png'));
  });
});
