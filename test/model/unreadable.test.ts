import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { deepSvdd } from '../../src/baselines/index.js';
import { concatSources, subset } from '../../src/data/combine.js';
import { anomalyMaps } from '../../src/explain/anomaly-maps.js';
import type { ImageSource, SaladModel, SaladWarning } from '../../src/index.js';
import { expectNoLeak } from '../support/backends.js';
import { truncated, lossySource as without } from '../support/lossy-source.js';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, memoryFile, mixed, normals, tinyModel } from './tiny.js';

const hold = heldModels();
const create = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));
beforeAll(() => trainOn('wasm'));

const images = normals(12);
const test = mixed(4, 4, 7);
const some = (index: number) => index === 3 || index === 8;

describe('training', () => {
  it('moves no row of an image that cannot be read, and rests no score on it', async () => {
    const model = create();
    const untouched = create();
    const first = (await untouched.trainer(images)) && untouched.runningBank?.clone();
    await model.fit(without(images, some));
    const [begun, now] = await Promise.all([first?.rows.array(), model.runningBank?.rows.array()]);
    first?.dispose();
    const still = Array.from({ length: 12 }, (_, row) =>
      begun?.[row].every((value, i) => value === now?.[row][i]),
    );
    expect(still).toEqual(Array.from({ length: 12 }, (_, row) => some(row)));
    expect(model.discard).toEqual(still);
    const { nearestRows } = await model.score(test);
    expect(nearestRows.flatMap((rows) => [...rows]).filter(some)).toEqual([]);
  });

  it('names them in the history, by epoch and once each', async () => {
    const model = create();
    const { epochs, problems } = await model.fit(without(images, some));
    expect(epochs.map(({ unreadable }) => unreadable)).toEqual([2, 2, 2]);
    expect(epochs.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(problems?.map(({ index, id, code }) => ({ index, id, code }))).toEqual([
      { index: 3, id: 'train-3', code: 'IMAGE_TRUNCATED' },
      { index: 8, id: 'train-8', code: 'IMAGE_TRUNCATED' },
    ]);
  });

  it('is told of by verbose', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await create().fit(without(images, some), { verbose: true });
    const last = log.mock.calls.at(-1)?.[0];
    log.mockRestore();
    expect(last).toBe('2 images could not be read and taught nothing; see problems of the result');
  });

  it('says nothing of it where every image could be read', async () => {
    const model = create();
    const history = await model.fit(images);
    expect(history).not.toHaveProperty('problems');
    expect(history.epochs[0]).not.toHaveProperty('unreadable');
  });

  it('averages over the images that came', async () => {
    const model = create({ batchSize: 12, latentWeight: 0, pretrainEpochs: 1, rounds: 0 });
    const lossy = await (await model.trainer(without(images, some))).step();
    const few = create({ batchSize: 12, latentWeight: 0, pretrainEpochs: 1, rounds: 0 });
    const kept = Array.from({ length: 12 }, (_, i) => i).filter((i) => !some(i));
    const alone = await (await few.trainer(subset(images, kept))).step();
    expect(lossy.batchSize).toBe(10);
    expect(lossy.loss).toBeCloseTo(alone.loss, 5);
  });

  it('passes over a step of which nothing could be read', async () => {
    const model = create();
    let lose = false;
    const trainer = await model.trainer(without(images, () => lose));
    await trainer.step();
    lose = true;
    // The second batch has been read already.
    await trainer.step();
    const before = await model.runningBank?.rows.array();
    const { batchSize, loss, epochEnd } = await trainer.step();
    expect([batchSize, loss]).toEqual([0, Number.NaN]);
    expect(await model.runningBank?.rows.array()).toEqual(before);
    expect(epochEnd).toMatchObject({ epoch: 0, unreadable: 4 });
    expect(Number.isFinite(epochEnd?.loss)).toBe(true);
    lose = false;
    while (!trainer.done) await trainer.step();
    await trainer.finish();
    expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
  });

  it('is an error where an epoch has no image at all, and goes on once they are back', async () => {
    const model = create();
    let lose = false;
    const trainer = await model.trainer(without(images, () => lose));
    lose = true;
    expect((await trainer.step()).batchSize).toBe(0);
    expect((await trainer.step()).batchSize).toBe(0);
    expect(await codeOf(trainer.step())).toBe('IMAGE_UNREADABLE');
    expect(await codeOf(trainer.step())).toBe('IMAGE_UNREADABLE');
    lose = false;
    const { epochEnd } = await trainer.step();
    expect(epochEnd).toMatchObject({ epoch: 0, unreadable: 8 });
    await trainer.finish();
    lose = true;
    expect(await codeOf(create().fit(without(images, () => lose)))).toBe('IMAGE_UNREADABLE');
  });

  it('keeps the row of an image that is gone when the bank is made', async () => {
    const model = create();
    let lose = false;
    const source = without(images, (index) => lose && some(index));
    const trainer = await model.trainer(source);
    while (!trainer.done) await trainer.step();
    lose = true;
    await trainer.finish();
    const [running, bank] = await Promise.all([
      model.runningBank?.rows.array(),
      model.bank.rows.array(),
    ]);
    for (const row of [3, 8]) expect(bank[row]).toEqual(running?.[row]);
    expect(bank[4]).not.toEqual(running?.[4]);
    expect(model.discard.some(Boolean)).toBe(false);
    lose = false;
    expect(await model.refreshBank(source)).toEqual([]);
    lose = true;
    const before = await model.bank.rows.array();
    expect((await model.refreshBank(source)).map(({ index }) => index)).toEqual([3, 8]);
    const after = await model.bank.rows.array();
    for (const row of [3, 8]) expect(after[row]).toEqual(before[row]);
  });

  it('is resumed though an image is gone since, but not with other images', async () => {
    const model = create();
    const file = memoryFile();
    const trainer = await model.trainer(images);
    await trainer.step();
    await model.save(file, { includeTraining: true });
    const { SaladModel } = await import('../../src/index.js');
    const resumed = hold(await SaladModel.load(file));
    const { epochs } = await resumed.fit(without(images, some), { resume: true });
    expect(epochs.map(({ unreadable }) => unreadable)).toEqual([expect.anything(), 2, 2]);
    const other = hold(await SaladModel.load(file));
    expect(await codeOf(other.fit(normals(13), { resume: true }))).toBe('CHECKPOINT_MISMATCH');
    await trainer.finish();
  });

  it.each(['cells', 'both'] as const)(
    'names it where no normal image can be read, with score %s and a validation set',
    async (score) => {
      await expectNoLeak(async () => {
        const model = tinyModel({ score, cells: { coreset: 8 } });
        const source = without(mixed(6, 4), (index) => index < 6);
        const fit = model.fit(source, { validation: mixed(3, 3, 4) });
        await expect(fit).rejects.toThrow(
          /^SaladModel.fit: no normal image of the training source/,
        );
        expect(await codeOf(fit)).toBe('NO_ROWS_KEPT');
        model.dispose();
      });
    },
  );

  it('reads validation images the same way', async () => {
    const model = create();
    const { epochs, problems } = await model.fit(images, {
      validation: without(test, (index) => index === 0),
    });
    expect(epochs.every(({ validationAuc }) => Number.isFinite(validationAuc))).toBe(true);
    expect(problems).toMatchObject([{ index: 0, id: 'image-0' }]);
    const blind = create();
    const { epochs: unseen } = await blind.fit(images, {
      validation: without(test, (index) => index >= 4),
    });
    expect(unseen.every((log) => !('validationAuc' in log))).toBe(true);
  });

  it('says before the first step what of the validation images cannot be read', async () => {
    const told: string[] = [];
    const onWarning = ({ message }: SaladWarning) => told.push(message);
    const onEpochBegin = () => void told.push('begun');
    const fit = (model: SaladModel, gone: (index: number) => boolean) =>
      model.fit(images, {
        validation: without(test, gone),
        onWarning,
        callbacks: { onEpochBegin },
      });
    await fit(create(), (index) => index === 0);
    expect(told.slice(0, 2)).toEqual([
      expect.stringMatching(/^SaladModel.fit: 1 of 8 validation images cannot be read.*'image-0'/),
      'begun',
    ]);
    told.length = 0;
    const blind = create();
    await fit(blind, (index) => index < 4);
    expect(told[0]).toMatch(/none of the others is normal, so that there will be no threshold\.$/);
    expect(blind.threshold).toBeUndefined();
    told.length = 0;
    const lost = (model: SaladModel, gone: (index: number) => boolean) =>
      expectNoLeak(async () => expect(await codeOf(fit(model, gone))).toBe('IMAGE_UNREADABLE'));
    await lost(create(), () => true);
    await lost(create({ keep: 'bestValidation' }), (index) => index >= 4);
    expect(told).toEqual([]);
  });

  it('is refused by other detectors before the first epoch where one of these is missing', async () => {
    const epochs: number[] = [];
    const detector = deepSvdd({ inputShape: [8, 8, 1], channels: [2], epochs: 2 });
    const fitting = detector.fit(images, {
      validation: without(test, (index) => index === 0),
      callbacks: { onEpochEnd: (epoch) => void epochs.push(epoch) },
    });
    expect(await codeOf(fitting)).toBe('IMAGE_UNREADABLE');
    expect(epochs).toEqual([]);
    detector.dispose();
  });
});

describe('scoring', () => {
  it('gives the others the scores that they have without it, and says which they are', async () => {
    const model = create();
    await model.fit(images, { validation: test });
    const whole = await model.score(test);
    const warnings: string[] = [];
    const lossy = await model.score(
      without(test, (index) => index === 1 || index === 6),
      {
        onWarning: ({ code }) => warnings.push(code),
      },
    );
    expect(lossy.indices).toEqual([0, 2, 3, 4, 5, 7]);
    expect(lossy.ids).toEqual(lossy.indices?.map((index) => test.ids[index]));
    for (const name of ['relative', 'angular', 'normalized'] as const)
      lossy.indices?.forEach((index, i) => {
        expect(lossy[name]?.[i]).toBeCloseTo(whole[name]?.[index] as number, 5);
      });
    expect(lossy.problems).toEqual([
      { index: 1, id: 'image-1', ...truncated },
      { index: 6, id: 'image-6', ...truncated },
    ]);
    expect(warnings).toContain('IMAGES_UNREADABLE');
    expect(whole).not.toHaveProperty('indices');
  });

  it('leaves out the own rows of those that it leaves out', async () => {
    const model = create();
    await model.fit(images);
    const ownRows = Array.from({ length: 12 }, (_, row) => row);
    const { nearestRows, indices } = await model.score(without(images, some), { ownRows });
    indices?.forEach((index, i) => {
      expect(nearestRows[i]).not.toContain(index);
    });
    expect(await codeOf(model.score(without(images, some), { ownRows: ownRows.slice(2) }))).toBe(
      'SHAPE_MISMATCH',
    );
  });

  it('of nothing but unreadable images is empty', async () => {
    const model = create();
    await model.fit(images, { validation: test });
    const { scores, ids, problems, indices } = await model.score(without(test, () => true));
    expect([scores.length, ids, indices]).toEqual([0, [], []]);
    expect(problems?.length).toBe(8);
  });

  it('is refused where a result has no place for a missing image', async () => {
    const model = create();
    await model.fit(images);
    const lossy = without(test, some);
    expect(await codeOf(model.embed(lossy))).toBe('IMAGE_UNREADABLE');
    expect(await codeOf(model.reconstruct(lossy))).toBe('IMAGE_UNREADABLE');
    expect(await codeOf(model.reconstructionErrors(lossy))).toBe('IMAGE_UNREADABLE');
    expect(await codeOf(model.extend(without(images, some)))).toBe('IMAGE_UNREADABLE');
    expect(await codeOf(anomalyMaps(model, lossy))).toBe('IMAGE_UNREADABLE');
    const nearest = await model.nearest(without(test, (index) => index === 2));
    expect(nearest.map(({ length }) => length === 0)).toEqual(test.ids.map((_, i) => i === 2));
  });

  it('passes through subsets and combinations', async () => {
    const model = create();
    await model.fit(images);
    const both = concatSources(
      without(normals(3, 5, 'a'), (i) => i === 2),
      normals(2, 6, 'b'),
    );
    const chosen = subset(both, [4, 2, 0]);
    const { indices, problems, ids } = await model.score(chosen);
    expect([indices, ids]).toEqual([
      [0, 2],
      ['b-1', 'a-0'],
    ]);
    expect(problems).toEqual([{ index: 1, id: 'a-2', ...truncated }]);
  });
});

describe('a source', () => {
  it('that names positions beyond a batch is refused', async () => {
    const broken: ImageSource = {
      ...images,
      read: async (indices) => ({
        ...(await images.read([0])),
        positions: [indices.length],
      }),
    };
    expect(await codeOf(create().fit(broken))).toBe('INDEX_OUT_OF_RANGE');
    expect(tf.memory().numTensors).toBeGreaterThan(0);
  });
});
