import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelBank } from '../../src/baselines/index.js';
import {
  arraySource,
  fileSource,
  imageSource,
  npzSource,
  tensorSource,
  toUnitRange,
} from '../../src/data/index.js';
import { dicom } from '../../src/dicom/index.js';
import type { ImageSource, SaladModel, SaladWarning } from '../../src/index.js';
import {
  folderSource,
  imagePool,
  nodeImages,
  recordSource,
  scoringPool,
} from '../../src/node/index.js';
import { fixture } from '../dicom/fixtures.js';
import { codeOf, memoryFile, tinyModel } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { film, filmFolder, HEIGHT, WIDTH, writeFilms } from '../support/written-films.js';

beforeAll(() => useBackend('cpu'));

// Eight by eight values of 12 bits, 0, 64, ..., 4032, as a camera leaves them in words of 16 bits.
const words = Uint16Array.from({ length: 64 }, (_, i) => 64 * i);
const shape = [8, 8, 1] as const;
const expected = Float32Array.from(words, (value) => value / 4095);
const folder = filmFolder();

/** A file of NumPy, version 1.0 of the format. */
function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  return Uint8Array.from([
    0x93,
    ...strToU8('NUMPY'),
    1,
    0,
    118,
    0,
    ...strToU8(`${header}\n`),
    ...data,
  ]);
}

describe('bitsStored', () => {
  const path = 'words.png';
  beforeAll(async () => {
    const { default: sharp } = await import('sharp');
    const raw = { width: 8, height: 8, channels: 1 } as const;
    await sharp(words, { raw }).toColourspace('grey16').png().toFile(join(folder, path));
  });
  const npz = () =>
    zipSync({
      'train_images.npy': npy('<u2', '(1, 8, 8)', new Uint8Array(words.buffer)),
      'train_labels.npy': npy('|u1', '(1, 1)', Uint8Array.of(0)),
    });
  const sources: Record<string, (bitsStored: number) => ImageSource | Promise<ImageSource>> = {
    recordSource: (bitsStored) => recordSource(folder, [{ path }], { bitsStored }),
    folderSource: (bitsStored) =>
      folderSource(folder, { bitsStored, accept: (name) => name === path }),
    imageSource: (bitsStored) =>
      imageSource([{ path }], {
        open: ({ path }) => readFile(join(folder, path)),
        decoders: [nodeImages()],
        bitsStored,
      }),
    fileSource: async (bitsStored) => {
      const file = new File([await readFile(join(folder, path))], path);
      return fileSource([file], { decoders: [nodeImages()], bitsStored });
    },
    arraySource: (bitsStored) => arraySource({ pixels: words, shape, bitsStored }),
    npzSource: (bitsStored) => npzSource(npz(), { split: 'train', bitsStored }),
    tensorSource: (bitsStored) =>
      tensorSource(tf.tensor4d(Array.from(words), [1, 8, 8, 1], 'int32'), { bitsStored }),
  };

  it.each(Object.entries(sources))('of %s says what white is', async (_, make) => {
    expect(toUnitRange(await (await make(12)).read([0]))).toEqual(expected);
    for (const bits of [0, 17, 1.5, Number.NaN])
      expect(await codeOf(async () => make(bits))).toBe('INVALID_OPTION');
  });

  it('that is too small is an error that names the image', async () => {
    const source = recordSource(folder, [{ path, id: 'film 1' }], { bitsStored: 10, size: [4, 4] });
    await expect(source.read([0])).rejects.toThrow(
      /film 1.* has 1024 .*expected 0 to 1023; give the bitsStored/,
    );
    const ints = tf.tensor4d([4096], [1, 1, 1, 1], 'int32');
    await expect(tensorSource(ints, { bitsStored: 12 })).rejects.toMatchObject({
      code: 'PIXEL_RANGE',
    });
  });

  it('is not of files of 8 bits, nor of DICOM, which says its own', async () => {
    const [eight] = await writeFilms(folder, [0, 1], 8);
    const plain = recordSource(folder, [eight]);
    const told = recordSource(folder, [eight], { bitsStored: 12 });
    expect(await told.read([0])).toEqual(await plain.read([0]));
    const open = async () => fixture('explicit-little');
    const both = [undefined, 12].map((bitsStored) =>
      imageSource([{ path: 'a.dcm' }], { open, decoders: [dicom()], bitsStored }).read([0]),
    );
    expect(await both[1]).toEqual(await both[0]);
  });
});

describe('images that stay below a quarter of the range', () => {
  const size = [8, 8] as const;
  let deep: { path: string }[];
  let model: SaladModel;
  beforeAll(async () => {
    deep = await writeFilms(folder, [0, 12], 12);
    model = tinyModel();
    await model.fit(recordSource(folder, deep, { size, bitsStored: 12 }));
  });
  afterAll(() => model.dispose());
  const told = async (work: (onWarning: (warning: SaladWarning) => void) => Promise<unknown>) => {
    const warnings: SaladWarning[] = [];
    await work((warning) => warnings.push(warning));
    return warnings.filter(({ code }) => code === 'LOW_RANGE').map(({ message }) => message);
  };
  const low = () => recordSource(folder, deep, { size });

  it('are told of by score, calibrate, nearest and scoreFiles', async () => {
    const recipe = 'source';
    expect(await told((onWarning) => model.score(low(), { recipe, onWarning }))).toEqual([
      expect.stringMatching(
        /^SaladModel.score: the highest pixel of 12 of 12 images .* \(\d{4} of 65535\).* bitsStored: 12 say/,
      ),
    ]);
    expect(await told((onWarning) => model.nearest(low(), { recipe, onWarning }))).toHaveLength(1);
    const plain = { ...low(), recipe: undefined };
    expect(await told((onWarning) => model.calibrate(plain, { onWarning }))).toHaveLength(1);
    const files = deep.map(({ path }) => join(folder, path));
    const sixteen = { ...model.preparation.recipe, bitsStored: 16 };
    expect(await told((onWarning) => model.scoreFiles(files, { onWarning }))).toEqual([]);
    expect(
      await told((onWarning) => model.scoreFiles(files, { recipe: sixteen, onWarning })),
    ).toHaveLength(1);
    expect(
      await told((onWarning) =>
        model.scoreFiles(files.slice(0, 1), { recipe: sixteen, onWarning }),
      ),
    ).toHaveLength(1);
  });

  it('are told of by fit, here and on threads, and by other detectors', async () => {
    const fit = async (onWarning: (warning: SaladWarning) => void, threads?: number) => {
      const pool = threads ? await imagePool({ concurrency: threads }) : undefined;
      const fresh = tinyModel();
      await fresh.fit(low(), { onWarning, imagePool: pool });
      fresh.dispose();
      await pool?.dispose();
    };
    expect(await told((onWarning) => fit(onWarning))).toHaveLength(1);
    expect(await told((onWarning) => fit(onWarning, 1))).toHaveLength(1);
    const detector = pixelBank({ inputShape: [8, 8, 1] });
    expect(await told((onWarning) => detector.fit(low(), { onWarning }))).toHaveLength(1);
    expect(await told((onWarning) => detector.score(low(), { onWarning }))).toHaveLength(1);
    detector.dispose();
  });

  it('are not where the bits are known, most are bright enough, or all are black', async () => {
    const plain = (source: ImageSource) => ({ ...source, recipe: undefined });
    const say = (source: ImageSource) =>
      told((onWarning) => model.score(plain(source), { onWarning }));
    expect(await say(recordSource(folder, deep, { size, bitsStored: 12 }))).toEqual([]);
    const bright = await writeFilms(folder, [0, 12], 8);
    expect(await say(recordSource(folder, [...bright, ...deep], { size }))).toEqual([]);
    expect(await say(recordSource(folder, [...bright.slice(1), ...deep], { size }))).toHaveLength(
      1,
    );
    expect(await say(arraySource({ pixels: new Uint8Array(192), shape: [8, 8, 1] }))).toEqual([]);
  });

  it('cost accuracy, which the bits give back', async () => {
    const [first] = await writeFilms(folder, [3, 4], 12);
    const read = async (options: { bitsStored?: number }) =>
      toUnitRange(await recordSource(folder, [first], options).read([0]));
    const right = film(3);
    const off = (values: Float32Array) =>
      values.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i])), 0);
    expect(right.length).toBe(HEIGHT * WIDTH);
    expect(off(await read({ bitsStored: 12 }))).toBeLessThan(0.5 / 4095 + 1e-6);
    expect(off(await read({}))).toBeGreaterThan(0.7);
  });

  it('are told of by a pool of threads that score, which compares recipes too', async () => {
    const file = memoryFile();
    await model.save(file);
    const pool = await scoringPool(file, {
      backend: '@tensorflow/tfjs-backend-cpu',
      concurrency: 1,
    });
    expect(await codeOf(() => pool.score(low()))).toBe('RECIPE_MISMATCH');
    expect(
      await told((onWarning) => pool.score(low(), { recipe: 'source', onWarning })),
    ).toHaveLength(1);
    await pool.dispose();
  });
});
