import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findFiles } from '../../../src/cli/images/find-files.js';

const root = mkdtempSync(join(tmpdir(), 'salad-ad-found-'));
const elsewhere = mkdtempSync(join(tmpdir(), 'salad-ad-elsewhere-'));
afterAll(() => {
  for (const folder of [root, elsewhere]) rmSync(folder, { recursive: true, force: true });
});
const touch = (...path: string[]) => writeFileSync(join(...path), '');

describe('findFiles', () => {
  it('enters linked folders, each once, and ends in circles', async () => {
    mkdirSync(join(root, 'b'));
    mkdirSync(join(elsewhere, 'deep'));
    touch(root, 'b', '1.png');
    touch(elsewhere, '2.png');
    touch(elsewhere, 'deep', '3.dcm');
    // Another disk, twice and in part; the folder itself; a film by a link, and one that leads nowhere.
    symlinkSync(elsewhere, join(root, 'z'));
    symlinkSync(elsewhere, join(root, 'a'));
    symlinkSync(join(elsewhere, 'deep'), join(root, 'y'));
    symlinkSync(root, join(elsewhere, 'deep', 'back'));
    symlinkSync(elsewhere, join(elsewhere, 'deep', 'up'));
    symlinkSync(join(elsewhere, '2.png'), join(root, 'film.png'));
    symlinkSync(join(elsewhere, 'gone.png'), join(root, 'gone.png'));
    expect(await findFiles([root])).toEqual(
      ['a/2.png', 'a/deep/3.dcm', 'b/1.png', 'film.png', 'gone.png'].map((path) =>
        join(root, path),
      ),
    );
    // Named by itself, a link is what was asked for.
    expect(await findFiles([join(root, 'y'), join(root, 'z', '2.png')])).toEqual(
      [
        'y/3.dcm',
        'y/back/b/1.png',
        'y/back/film.png',
        'y/back/gone.png',
        'y/up/2.png',
        'z/2.png',
      ].map((path) => join(root, path)),
    );
  });
});
