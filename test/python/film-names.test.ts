import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { findFiles } from '../../src/cli/images/find-files.js';
import { missingIn, root } from '../safetensors/python.js';
import { filmFolder } from '../support/written-films.js';

const missing = missingIn('pyarrow');
const python = process.env.SALAD_AD_PYTHON ?? 'python3';
const folder = filmFolder();

const program = `
import json, sys
sys.path.insert(0, "examples/python")
from film_names import names_in
print(json.dumps(names_in(sys.argv[1])))
`;
const namesIn = (films: string): string[] =>
  JSON.parse(execFileSync(python, ['-c', program, films], { cwd: root, encoding: 'utf8' }));

it.skipIf(missing)(`finds the files that the command finds${missing}`, async () => {
  const films = join(folder, 'films');
  const elsewhere = join(folder, 'elsewhere');
  for (const below of ['a/b', 'c.d', '.hidden']) mkdirSync(join(films, below), { recursive: true });
  mkdirSync(join(elsewhere, 'deep'), { recursive: true });
  const names = ['1.png', '2.JPG', '3.jpeg', '4.webp', '5.tif', '6.TIFF', '7.dcm', '8.dicom'];
  const others = ['9.ima', 'IM0001', 'IM.0001', 'list.csv', '.png', 'ﬀ.png', '😀.png', 'a/b/IM2'];
  for (const name of [...names, ...others, 'c.d/IM3', '.hidden/IM4'])
    writeFileSync(join(films, name), name);
  writeFileSync(join(elsewhere, 'deep/10.png'), '');
  symlinkSync(elsewhere, join(films, 'linked'));
  symlinkSync(elsewhere, join(films, 'a/once more'));
  symlinkSync(films, join(elsewhere, 'circle'));
  symlinkSync(join(films, '1.png'), join(films, 'a/linked.png'));
  symlinkSync(join(films, 'nowhere'), join(films, 'a/lost.png'));
  const found = (await findFiles([films])).map((path) => relative(films, path));
  expect(namesIn(films)).toEqual(found);
  expect(found).toHaveLength(17);
});

it.skipIf(missing)(`takes the paths of a table as they are, each once${missing}`, () => {
  const table = join(folder, 'films.csv');
  writeFileSync(table, 'path,view\n007,AP\na/1.png,PA\n007,AP\n1e3,AP\n');
  expect(namesIn(table)).toEqual(['007', 'a/1.png', '1e3']);
});

it.skipIf(missing)(`ends with exit code 1 where there are no films${missing}`, () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'notes.txt'), '');
  const { status, stderr } = spawnSync(python, ['-c', program, empty], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('has no films (PNG, JPEG, WebP, TIFF, DICOM)');
});
