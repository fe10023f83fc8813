import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageProblem, patientKeys } from '../../src/data/index.js';
import { dicomRecords, folderRecords, recordSource } from '../../src/node/index.js';

const keys = patientKeys({ salt: 'a salt for these tests alone' });
const fixtures = new URL('../fixtures/dicom/', import.meta.url);
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'salad-ad-dicom-'));
  for (const name of ['explicit-little', 'rle', 'deflated'])
    await copyFile(new URL(`${name}.dcm`, fixtures), join(root, `MILLER^EVE ${name}.dcm`));
});
afterAll(() => rm(root, { recursive: true }));

describe('dicomRecords', () => {
  it('says of each image what its file does, in order, and its name nowhere but in the path', async () => {
    const { records } = await folderRecords(root);
    const progress: number[] = [];
    const films = await dicomRecords(root, records, {
      keys,
      onProgress: ({ done, total, secondsLeft }) =>
        progress.push(done / total + (secondsLeft < 0 ? Number.NaN : 0)),
    });
    expect(films.map(({ path }) => path)).toEqual(records.map(({ path }) => path));
    expect(films[0]).toMatchObject({ view: 'PA', bodyPart: 'CHEST', laterality: 'L', age: 1.5 });
    expect(films[0].patient).toBe(await keys.of('DRAWN-0815'));
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);
    const source = recordSource(root, films);
    expect(source.patients).toEqual(films.map(({ patient }) => patient));
    expect(
      inspect({ ...films.map(({ path: _, ...facts }) => facts), ids: source.ids }),
    ).not.toMatch(/MILLER|DRAWN|0815/);
    expect(new Set(source.ids).size).toBe(3);
    expect((await source.read([2])).pixels.length).toBeGreaterThan(0);
  });

  it('leaves what a list says as it is', async () => {
    const { records } = await folderRecords(root);
    const [film] = await dicomRecords(root, [
      { ...records[0], id: 'film 1', view: 'AP', label: 1 },
    ]);
    expect(film).toMatchObject({ id: 'film 1', view: 'AP', label: 1, bodyPart: 'CHEST' });
  });

  it('refuses or skips what cannot be read, by place and key', async () => {
    await writeFile(join(root, 'MILLER.dcm'), 'no film');
    const { records } = await folderRecords(root);
    const gone = [...records, { path: 'MILLER^ADAM.dcm' }];
    const error = await dicomRecords(root, gone, { keys }).catch((thrown) => thrown);
    expect(error.message).toMatch(/^dicomRecords: record 0, '[0-9a-f-]+': /);
    expect(inspect(error, { depth: 9 })).not.toContain('MILLER');
    const problems: ImageProblem[] = [];
    const films = await dicomRecords(root, gone, {
      keys,
      onUnreadable: 'skip',
      onProblem: (problem) => problems.push(problem),
    });
    expect(films).toHaveLength(3);
    expect(problems.map(({ index, code }) => [index, code]).sort()).toEqual([
      [0, 'IMAGE_INVALID'],
      [4, 'IMAGE_UNREADABLE'],
    ]);
    expect(inspect(problems)).not.toContain('MILLER');
    await rm(join(root, 'MILLER.dcm'));
  });

  it('holds files to the limits that it is given', async () => {
    const { records } = await folderRecords(root);
    await expect(dicomRecords(root, records, { keys, maxElements: 9 })).rejects.toThrow(
      /^dicomRecords: .*expected at most 9; raise maxElements.*IMAGE_TOO_LARGE/,
    );
    await expect(dicomRecords(root, records, { keys, maxDepth: 0 })).rejects.toThrow(
      /^dicomRecords: maxDepth is 0.*INVALID_OPTION/,
    );
  });

  it('stops when told', async () => {
    const { records } = await folderRecords(root);
    const control = new AbortController();
    let told = 0;
    const stopped = dicomRecords(root, records, {
      concurrency: 2,
      signal: control.signal,
      onProgress: () => {
        told += 1;
        control.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    const toldByThen = told;
    await new Promise((later) => setTimeout(later, 50));
    expect(told).toBe(toldByThen);
    expect(told).toBeLessThan(3);
    await expect(dicomRecords(root, records, { key: 1 } as object)).rejects.toMatchObject({
      code: 'UNKNOWN_OPTION',
    });
  });
});
