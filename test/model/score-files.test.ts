import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDetector, pixelBank } from '../../src/baselines/index.js';
import { concatSources, normalsOf, readInOrder, subset } from '../../src/data/index.js';
import { dicom } from '../../src/dicom/index.js';
import { type ImageSource, SaladModel, type SaladWarning } from '../../src/index.js';
import { fileSystem, nodeImages, recordSource } from '../../src/node/index.js';
import { preprocessXray } from '../../src/preprocessing/index.js';
import { fixture } from '../dicom/fixtures.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { filmFolder, writeFilms } from '../support/written-films.js';
import { codeOf, memoryFile, normals, tinyModel } from './tiny.js';

const folder = filmFolder();
const size = [8, 8] as const;
const stretch = { size, resize: { method: 'area', fit: 'stretch' } } as const;
let train: ImageSource;
let model: SaladModel;
let records: readonly { path: string }[];
const films = (options: Parameters<typeof recordSource>[2]) =>
  recordSource(folder, records, options);
const paths = () => records.map(({ path }) => join(folder, path));

beforeAll(async () => {
  await useBackend('cpu');
  train = recordSource(folder, await writeFilms(folder, [0, 24]), stretch);
  records = await writeFilms(folder, [50, 62]);
  const validation = recordSource(folder, await writeFilms(folder, [24, 50]), stretch);
  const fitted = tinyModel({ pretrainEpochs: 20 });
  await fitted.fit(train, { validation });
  const file = memoryFile();
  await fitted.save(file);
  fitted.dispose();
  model = await SaladModel.load(file);
});
afterAll(() => model.dispose());

describe('the recipe of a source', () => {
  it('is JSON of all that makes its images', () => {
    const window = { center: 40, width: 400 };
    const source = films({
      ...stretch,
      bitsStored: 12,
      channels: 3,
      decoders: [dicom({ window }), nodeImages()],
      transform: preprocessXray({ size: false }),
    });
    expect(JSON.parse(JSON.stringify(source.recipe))).toEqual({
      channels: 3,
      size: [8, 8],
      resize: { method: 'area', fit: 'stretch' },
      bitsStored: 12,
      decoders: { dicom: { window } },
      transform: {
        name: 'preprocessXray',
        options: { carrier: {}, inversion: {}, contrast: {}, mask: {}, size: false },
      },
    });
    expect(films({ transform: (image) => image }).recipe).toEqual({
      channels: 1,
      decoders: { dicom: { window: 'file' } },
      transform: { name: 'custom' },
    });
    expect(normals(4).recipe).toBeUndefined();
  });

  it('goes with its views', async () => {
    const source = films(stretch);
    expect(subset(source, [1]).recipe).toEqual(source.recipe);
    expect(normalsOf(source, { allNormal: true }).recipe).toEqual(source.recipe);
    expect(concatSources(source, normals(2)).recipe).toEqual(source.recipe);
    for await (const batch of readInOrder(source, { batchSize: 12 }))
      expect(batch.recipe).toEqual(source.recipe);
    expect(() => concatSources(source, films({ size }))).toThrow('RECIPE_MISMATCH');
  });

  it('is kept in the file of the model that learnt from it', () => {
    expect(model.preparation.recipe).toEqual(train.recipe);
    expect(model.preparation.toJSON().recipe).toEqual(train.recipe);
  });
});

it.each<[string, unknown]>([
  ['a word', 'pad'],
  ['of no channels', { size: [8, 8] }],
  ['of one side', { channels: 1, size: [8] }],
  ['of no pixels', { channels: 1, size: [0, 8] }],
  ['of another fit', { channels: 1, size: [8, 8], resize: { method: 'area', fit: 'crop' } }],
  ['of 17 bits', { channels: 1, bitsStored: 17 }],
  ['of decoders without options', { channels: 1, decoders: { dicom: null } }],
  ['of a nameless transform', { channels: 1, transform: {} }],
])('a model whose recipe is damaged is refused, and leaves no tensor: %s', async (name, recipe) => {
  const file = memoryFile();
  await model.save(file);
  const { userDefinedMetadata } = file.artifacts as {
    userDefinedMetadata: { saladAd: { recipe: unknown }; checksum?: unknown };
  };
  // As a file whose checksum is right.
  delete userDefinedMetadata.checksum;
  userDefinedMetadata.saladAd.recipe = recipe;
  await expectNoLeak(async () => {
    await expect(SaladModel.load(file)).rejects.toMatchObject({
      code: name === 'a word' ? 'MODEL_DAMAGED' : 'INVALID_OPTION',
      message: expect.stringMatching(/^SaladModel.load: /),
    });
  });
  const own = { ...normals(6), recipe: recipe as ImageSource['recipe'] };
  const fresh = tinyModel();
  expect(await codeOf(() => fresh.fit(own))).toBe('INVALID_OPTION');
  fresh.dispose();
});

describe('a source with another recipe', () => {
  const other = [
    ['resize', { size }],
    ['size', { ...stretch, size: [16, 16] }],
    ['channels', { ...stretch, channels: 3 }],
    ['bitsStored', { ...stretch, bitsStored: 12 }],
    ['dicom', { ...stretch, decoders: [dicom({ window: 'full' }), nodeImages()] }],
    ['transform', { ...stretch, transform: (image: never) => image }],
    ['transform', { ...stretch, transform: preprocessXray() }],
  ] as const;

  it.each(other)('is refused where %s differs', async (step, options) => {
    await expect(model.score(films(options as typeof stretch))).rejects.toMatchObject({
      code: 'RECIPE_MISMATCH',
      message: expect.stringMatching(
        new RegExp(`^SaladModel.score: .* ${step} is .* but was .* pass recipe: 'source'`),
      ),
    });
  });

  it('is taken by who insists, as are arrays', async () => {
    const padded = films({ size });
    const { scores } = await model.score(padded, { recipe: 'source' });
    expect((await model.score({ ...padded, recipe: undefined })).scores).toEqual(scores);
    expect((await model.score(normals(3))).scores.length).toBe(3);
    expect(await codeOf(() => model.score(padded, { recipe: 'mine' as 'model' }))).toBe(
      'INVALID_OPTION',
    );
  });

  it('is refused by every call that takes images, and costs no tensor', async () => {
    const padded = films({ size });
    await expectNoLeak(async () => {
      for (const call of [
        () => model.nearest(padded),
        () => model.embed(padded),
        () => model.reconstruct(padded),
        () => model.reconstructionErrors(padded),
        () => model.calibrate(padded),
        () => model.extend(padded),
        () => model.refreshBank(padded),
        () => model.scoreStream([padded]).next(),
      ])
        expect(await codeOf(call)).toBe('RECIPE_MISMATCH');
    });
  });

  it('is refused as validation images, and by a run that goes on', async () => {
    const fresh = tinyModel();
    expect(await codeOf(() => fresh.fit(train, { validation: films({ size }) }))).toBe(
      'RECIPE_MISMATCH',
    );
    await fresh.fit(train);
    expect(
      await codeOf(() => fresh.fit({ ...train, recipe: films({ size }).recipe }, { resume: true })),
    ).toBe('RECIPE_MISMATCH');
    fresh.dispose();
  });

  it('is refused by other detectors, loaded ones too', async () => {
    const detector = pixelBank({ inputShape: [8, 8, 1] });
    await detector.fit(train);
    const file = memoryFile();
    await detector.save(file);
    const loaded = await loadDetector(file);
    for (const one of [detector, loaded]) {
      expect(await codeOf(() => one.score(films({ size })))).toBe('RECIPE_MISMATCH');
      expect((await one.score(films(stretch))).scores.length).toBe(12);
      one.dispose();
    }
  });

  it('need not resize where images are of the size already', async () => {
    const ready = await films(stretch).read(records.map((_, i) => i));
    const source = { ...films({}), read: async () => ready };
    expect((await model.score(source)).scores).toEqual((await model.score(films(stretch))).scores);
  });
});

describe('scoreFiles', () => {
  it('scores files as a source of the same recipe, in order, and names what cannot be read', async () => {
    const { scores, abnormal } = await model.score(films(stretch));
    const [first, second, third, ...others] = paths();
    const bytes = new Uint8Array(await readFile(second));
    const cut = join(folder, 'cut.png');
    await writeFile(cut, bytes.subarray(0, 40));
    const given = [
      pathToFileURL(first).href,
      join(folder, 'gone.png'),
      bytes,
      cut,
      new File([await readFile(third)], 'third.png'),
      new Blob([await readFile(first)]),
      ...others,
    ];
    const warnings: SaladWarning[] = [];
    const before = tf.memory().numTensors;
    const result = await model.scoreFiles(given, { onWarning: (one) => warnings.push(one) });
    expect(tf.memory().numTensors).toBe(before);
    expect([...result.scores]).toEqual([
      ...scores.subarray(0, 3),
      scores[0],
      ...scores.subarray(3),
    ]);
    expect(result.abnormal?.slice(4)).toEqual(abnormal?.slice(3));
    expect(result.ids.slice(0, 4)).toEqual([given[0], 'file-2', 'third.png', 'file-5']);
    expect(result.indices?.slice(0, 4)).toEqual([0, 2, 4, 5]);
    expect(result.problems?.map(({ index, code }) => [index, code])).toEqual([
      [1, 'IMAGE_UNREADABLE'],
      [3, 'IMAGE_TRUNCATED'],
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['IMAGES_UNREADABLE']);
  });

  it('reads DICOM by the window that the model learnt with', async () => {
    const bytes = fixture('explicit-little');
    await writeFile(join(folder, 'film.dcm'), bytes);
    const decoders = [dicom({ window: 'full' }), nodeImages()];
    const full = tinyModel();
    await full.fit(
      recordSource(folder, [{ path: 'film.dcm' }, ...records], { ...stretch, decoders }),
    );
    const source = recordSource(folder, [{ path: 'film.dcm' }], { ...stretch, decoders });
    expect((await full.scoreFiles([bytes])).scores).toEqual((await full.score(source)).scores);
    const byFile = recordSource(folder, [{ path: 'film.dcm' }], stretch);
    expect(await codeOf(() => full.score(byFile))).toBe('RECIPE_MISMATCH');
    const shown = await full.score(byFile, { recipe: 'source' });
    expect(shown.scores).not.toEqual((await full.scoreFiles([bytes])).scores);
    full.dispose();
  });

  it('repeats the preprocessing of the library, with its options', async () => {
    const transform = preprocessXray({ size: 16, mask: false });
    const shaped = tinyModel();
    await shaped.fit(recordSource(folder, records, { ...stretch, transform }));
    const file = memoryFile();
    await shaped.save(file);
    shaped.dispose();
    const loaded = await SaladModel.load(file);
    const source = films({ ...stretch, transform: preprocessXray({ size: 16, mask: false }) });
    expect((await loaded.scoreFiles(paths())).scores).toEqual((await loaded.score(source)).scores);
    loaded.dispose();
  });

  it('asks for code that the model does not hold', async () => {
    const transform: NonNullable<Parameters<typeof recordSource>[2]>['transform'] = (image) => ({
      ...image,
      pixels: Uint8Array.from(image.pixels, (value) => 255 - value),
    });
    const turned = tinyModel();
    const source = films({ ...stretch, transform });
    await turned.fit(source);
    await expect(turned.scoreFiles(paths())).rejects.toMatchObject({
      code: 'NO_RECIPE',
      message: expect.stringContaining(
        "SaladModel.scoreFiles: the images that the model learnt from went through the transform 'custom'",
      ),
    });
    const { scores } = await turned.scoreFiles(paths(), { transform });
    expect(scores).toEqual((await turned.score(source)).scores);
    turned.dispose();
  });

  it('asks for a recipe where the model learnt from arrays, and takes one in place of its own', async () => {
    const plain = tinyModel();
    await plain.fit(normals(12));
    await expect(plain.scoreFiles(paths())).rejects.toMatchObject({
      code: 'NO_RECIPE',
      message: expect.stringContaining(
        "give it, such as recipe: { size: [8, 8], resize: { method: 'area', fit: 'pad' } }",
      ),
    });
    const padded = films({ size });
    const recipe = { size, resize: { method: 'area', fit: 'pad' } } as const;
    expect((await plain.scoreFiles(paths(), { recipe })).scores).toEqual(
      (await plain.score(padded)).scores,
    );
    plain.dispose();
    expect((await model.scoreFiles(paths(), { recipe })).scores).toEqual(
      (await model.score(padded, { recipe: 'source' })).scores,
    );
  });

  it('brings files to the size of a model that resizes by itself', async () => {
    const policy = { method: 'bilinear', fit: 'stretch' } as const;
    const resizing = tinyModel({ resize: policy });
    const source = recordSource(folder, records);
    await resizing.fit(source);
    expect(resizing.preparation.recipe?.size).toBeUndefined();
    expect((await resizing.scoreFiles(paths())).scores).toEqual(
      (await resizing.score(source)).scores,
    );
    resizing.dispose();
  });

  it('works with files of version 0.1, once they are given a recipe', async () => {
    const old = await SaladModel.load(
      fileSystem(new URL('../fixtures/model-v1', import.meta.url).pathname),
    );
    const [height, width] = old.preparation.inputShape;
    expect(old.preparation.recipe).toBeUndefined();
    expect(await codeOf(() => old.scoreFiles(paths()))).toBe('NO_RECIPE');
    const source = films({ size: [height, width] });
    const recipe = { size: [height, width] } as const;
    expect((await old.scoreFiles(paths(), { recipe })).scores).toEqual(
      (await old.score(source)).scores,
    );
    old.dispose();
  });

  it.each<[string, unknown, string]>([
    ['one path', 'a.png', 'INVALID_OPTION'],
    ['one file of bytes', new Uint8Array(3), 'INVALID_OPTION'],
    ['nothing', undefined, 'INVALID_OPTION'],
    ['numbers', [1, 2], 'INVALID_OPTION'],
    ['no file', [], 'EMPTY_SET'],
  ])('refuses %s', async (_, files, code) => {
    expect(await codeOf(() => model.scoreFiles(files as string[]))).toBe(code);
  });

  it('refuses options that it does not know', async () => {
    const unknown = { resize: stretch.resize } as object;
    expect(await codeOf(() => model.scoreFiles(paths(), unknown))).toBe('UNKNOWN_OPTION');
    const recipe = { fit: 'pad' } as object;
    expect(await codeOf(() => model.scoreFiles(paths(), { recipe }))).toBe('UNKNOWN_OPTION');
  });
});

describe('scores beyond all validation normals', () => {
  const told = async (source: ImageSource) => {
    const warnings: SaladWarning[] = [];
    const { abnormal } = await model.score(source, {
      recipe: 'source',
      onWarning: (warning) => warnings.push(warning),
    });
    return { flagged: abnormal?.filter(Boolean).length, codes: warnings.map(({ code }) => code) };
  };

  it('are told of: 12 normal films, padded where the model learnt from stretched ones', async () => {
    expect(await told(films(stretch))).toEqual({ flagged: 0, codes: [] });
    const { flagged, codes } = await told(films({ size }));
    expect(flagged).toBeGreaterThan(6);
    expect(codes).toEqual(['DOMAIN_SHIFT']);
  });

  it('are not where they are labelled abnormal, or few', async () => {
    const labelled = (label: 0 | 1) =>
      recordSource(
        folder,
        records.map((record) => ({ ...record, label })),
        { size },
      );
    expect((await told(labelled(0))).codes).toEqual(['DOMAIN_SHIFT']);
    expect((await told(labelled(1))).codes).toEqual([]);
    expect((await told(subset(films({ size }), [0, 1, 2, 3]))).codes).toEqual([]);
  });
});
