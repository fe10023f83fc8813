import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meanIntensity } from '../../src/baselines/index.js';
import { RunFolder } from '../../src/experiments/run-folder.js';
import { writeRun } from '../../src/experiments/run-record.js';
import { fileSystem, quarantine, saveSplit } from '../../src/node/index.js';
import { writeWhole } from '../../src/node/write-whole.js';
import { splitByPatient } from '../../src/splits/split-by-patient.js';
import { normals, tinyModel } from '../model/tiny.js';

// A disk that is full: /dev/full of Linux answers every write with ENOSPC, by a link where the file beside is written; and where a process may
// mount one, a file system of 64 KiB.

const hasFull = process.platform === 'linux';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'salad-full-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const full = async (name: string) => {
  await symlink('/dev/full', join(folder, `${name}.partial`));
  return join(folder, name);
};
const told = (call: string, name: string) =>
  new RegExp(
    `^${call}: '.*${name}' could not be written \\(ENOSPC\\).*no space left.*\\[WRITE_FAILED\\]$`,
  );

describe.runIf(hasFull)('on a full disk', () => {
  it('a file is not written, what was there stays, and nothing else does', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'before');
    await full('a.json');
    const writing = writeWhole('call', path, [new Uint8Array(100)]);
    await expect(writing).rejects.toThrow(told('call', 'a.json'));
    await expect(writing).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      details: { path, code: 'ENOSPC' },
      cause: { code: 'ENOSPC' },
    });
    expect(await readdir(folder)).toEqual(['a.json']);
    expect(await readFile(path, 'utf8')).toBe('before');
  });

  it('a model is not saved, and the call of the user is named', async () => {
    await tf.setBackend('cpu');
    const model = tinyModel({ rounds: 0, pretrainEpochs: 1 });
    await model.fit(normals(6));
    const tensors = tf.memory().numTensors;
    await model.save(fileSystem(folder));
    const whole = (await readdir(folder)).sort();
    await full('model.json');
    await model.extend(normals(2, 5, 'more'));
    await expect(model.save(fileSystem(folder))).rejects.toThrow(
      told('SaladModel.save', 'model.json'),
    );
    expect((await readdir(folder)).sort()).toEqual(whole);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });

  it('a checkpoint ends the run with the call that was made', async () => {
    await tf.setBackend('cpu');
    const model = tinyModel({ rounds: 0, pretrainEpochs: 2 });
    await full('model.json');
    const fit = model.fit(normals(6), { checkpoint: fileSystem(folder) });
    await expect(fit).rejects.toThrow(told('SaladModel.fit', 'model.json'));
    expect(await readdir(folder)).toEqual([]);
    model.dispose();
  });

  it('a detector is not saved', async () => {
    await tf.setBackend('cpu');
    const detector = meanIntensity({ inputShape: [8, 8, 1] });
    await detector.fit(normals(3));
    await full('model.json');
    await expect(detector.save(fileSystem(folder))).rejects.toThrow(
      told('meanIntensity.save', 'model.json'),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('a split, a run and the facts of a data set are not written', async () => {
    const records = ['a', 'b', 'c'].map((name) => ({
      path: `${name}.png`,
      patient: name,
      label: 0 as const,
    }));
    const split = splitByPatient(records, { parts: { train: 0.5, test: 0.5 }, seed: 1 });
    const path = await full('split.json');
    await expect(saveSplit(path, split)).rejects.toThrow(told('saveSplit', 'split.json'));
    const run = await full('run.json');
    await expect(writeRun(run, {} as never)).rejects.toThrow(told('runExperiment', 'run.json'));
    const runs = await RunFolder.open(folder);
    await full('data-films-0.json');
    await expect(runs.writeData({ name: 'films', hash: '0' } as never)).rejects.toThrow(
      told('runExperiment', 'data-films-0.json'),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('a file is not put aside where no line can be written', async () => {
    const root = join(folder, 'films');
    await mkdir(root);
    await mkdir(`${root}-quarantine`);
    await writeFile(join(root, 'a.png'), 'film');
    await symlink('/dev/full', join(`${root}-quarantine`, 'quarantine.jsonl'));
    const put = quarantine({ root });
    expect(await put({ index: 0, id: 'a.png', code: 'IMAGE_INVALID', message: 'torn' })).toBe(
      'stays where it is: ENOSPC',
    );
    expect(await readFile(join(root, 'a.png'), 'utf8')).toBe('film');
    expect(await readdir(`${root}-quarantine`)).toEqual(['quarantine.jsonl']);
  });
});

it.each([
  ['ENOTDIR', 'file/inner/a.json', /no folder/],
  ['EISDIR', 'folder', /a folder in its place/],
  ['ENAMETOOLONG', 'n'.repeat(300), /shorter/],
])('says of %s what to do', async (code, name, remedy) => {
  await writeFile(join(folder, 'file'), '');
  await mkdir(join(folder, 'folder'));
  const writing = writeWhole('call', join(folder, name), [new Uint8Array(1)]);
  await expect(writing).rejects.toThrow(remedy);
  await expect(writing).rejects.toMatchObject({ code: 'WRITE_FAILED', details: { code } });
  expect((await readdir(folder)).sort()).toEqual(['file', 'folder']);
});

const mounted = mount();
describe.skipIf(mounted === undefined)('a file system of 64 KiB (a mount needs root)', () => {
  it('is no fuller after a save that failed, and takes a smaller one', async () => {
    const place = mounted as string;
    const save = (count: number) =>
      fileSystem(join(place, 'model')).save({
        weightSpecs: [{ name: 'w', shape: [count], dtype: 'float32' }],
        weightData: new Float32Array(count).buffer,
      });
    try {
      await save(1000);
      for (let i = 0; i < 3; i++) {
        await expect(save(30_000)).rejects.toThrow(/ENOSPC.*WRITE_FAILED/);
        expect(await readdir(join(place, 'model'))).toHaveLength(2);
      }
      await save(2000);
      expect((await fileSystem(join(place, 'model')).load()).weightData).toHaveProperty(
        'byteLength',
        8000,
      );
    } finally {
      spawnSync('umount', [place]);
    }
  });
});

/** A small file system of its own, where this process may make one. */
function mount(): string | undefined {
  const place = spawnSync('mktemp', ['-d'], { encoding: 'utf8' }).stdout?.trim();
  if (!place) return undefined;
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
  return made.status === 0 ? place : undefined;
}
