import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { deepSvdd } from '../../src/baselines/index.js';
import { type ImageSource, SaladModel } from '../../src/index.js';
import { lossySource, truncated } from '../support/lossy-source.js';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, memoryFile, mixed, normals, tinyModel, tinyOptions } from './tiny.js';

const hold = heldModels();
const create = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));
beforeAll(() => trainOn('wasm'));

const images = normals(12);

/** A source that reads until `fails` says no. */
function failing(source: ImageSource, fails: () => boolean, error: () => Error): ImageSource {
  return {
    ...source,
    read: async (indices, where) => {
      if (fails()) throw error();
      return source.read(indices, where);
    },
  };
}

describe('validation images are read before the first step', () => {
  const validation = mixed(80, 20, 5);
  const damaged: ImageSource = {
    ...validation,
    read: async (indices, where) => {
      // The last one, far behind the first batch.
      if (Array.from(indices).includes(99)) throw new Error(`${where}: 'image-99' is cut short`);
      return validation.read(indices);
    },
  };

  it.each(['fit', 'train', 'trainer'] as const)('by %s', async (name) => {
    const model = create();
    const steps: number[] = [];
    const before = tf.memory().numTensors;
    const run = async () => {
      if (name === 'fit')
        await model.fit(images, {
          validation: damaged,
          callbacks: { onBatchBegin: (step) => void steps.push(step) },
        });
      else if (name === 'trainer') await model.trainer(images, { validation: damaged });
      else for await (const _ of model.train(images, { validation: damaged })) steps.push(0);
    };
    await expect(run()).rejects.toThrow(`SaladModel.${name}: 'image-99' is cut short`);
    expect(steps).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
    // Nothing has begun.
    await model.fit(images, { validation });
  });

  it('also before a run goes on', async () => {
    const model = create();
    const trainer = await model.trainer(images, { validation });
    await trainer.step();
    const resumed = model.fit(images, { validation: damaged, resume: true });
    await expect(resumed).rejects.toThrow('cut short');
    expect(trainer.stepInEpoch).toBe(1);
    await model.fit(images, { validation, resume: true });
    expect(model.history.length).toBe(3);
  });

  it('by a detector that learns in epochs', async () => {
    const detector = deepSvdd({ inputShape: [8, 8, 1], channels: [4], epochs: 1 });
    const epochs: number[] = [];
    const run = detector.fit(images, {
      validation: damaged,
      callbacks: { onEpochEnd: (epoch) => void epochs.push(epoch) },
    });
    await expect(run).rejects.toThrow("'image-99' is cut short");
    expect(epochs).toEqual([]);
    detector.dispose();
  });

  it('and images that a source skips end no run', async () => {
    const model = create();
    const { problems } = await model.fit(images, {
      validation: lossySource(validation, (index) => index === 99),
    });
    // An abnormal one: before the first step, after both epochs, and for what the threshold finds.
    expect(problems).toMatchObject([{ index: 99, code: 'IMAGE_TRUNCATED', times: 4 }]);
    expect(model.decisionThreshold).toMatchObject({ normalCount: 80 });
  });
});

describe('after a failure the model keeps what it learnt, and the error says so', () => {
  const unreadable = (source: ImageSource) => lossySource(source, () => true, truncated);

  it('in the validation at the end: it scores, without a threshold', async () => {
    const model = create();
    // Read once before the first step, in each of three epochs, and at the end.
    let reads = 0;
    const validation = mixed(4, 4, 5);
    const source: ImageSource = {
      ...validation,
      read: async (indices, where) =>
        ++reads > 4
          ? { pixels: Float32Array.of(0.5), shape: [1, 1, 1] }
          : validation.read(indices, where),
    };
    const error = await model.fit(images, { validation: source }).catch((caught) => caught);
    expect(error.code).toBe('SHAPE_MISMATCH');
    expect(error.message).toMatch(
      /^SaladModel\.fit: .* The model keeps the 3 epochs that it learnt, and scores, without a threshold, which calibrate sets: save keeps it, and fit with resume: true goes on\. \[SHAPE_MISMATCH\]$/,
    );
    expect((await model.score(images)).scores.length).toBe(12);
    await model.calibrate(mixed(4, 0, 5));
    expect(model.threshold).toBeGreaterThan(0);
    const file = memoryFile();
    await model.save(file);
    hold(await SaladModel.load(file));
  });

  it('of the training images at the end: a resumed run finishes it', async () => {
    const model = create();
    let broken = false;
    const source = failing(
      images,
      () => broken,
      () => new Error('the disk is gone'),
    );
    const trainer = await model.trainer(source);
    while (!trainer.done) await trainer.step();
    broken = true;
    await expect(trainer.finish()).rejects.toThrow('the disk is gone');
    expect(await codeOf(model.score(images))).toBe('NOT_FITTED');
    const other = create();
    const { epochs } = await other.fit(images);
    await model.fit(images, { resume: true });
    expect(model.history.map(({ loss }) => loss)).toEqual(epochs.map(({ loss }) => loss));
    expect((await model.score(images)).scores).toEqual((await other.score(images)).scores);
  });

  it('of all images: it says where the weights are', async () => {
    const model = create();
    let lost = false;
    const source: ImageSource = {
      ...images,
      read: (indices, where) => (lost ? unreadable(images) : images).read(indices, where),
    };
    // The first batch of the second epoch is on its way by then.
    const onEpochEnd = () => {
      lost = true;
    };
    const run = model.fit(source, { callbacks: { onEpochEnd } });
    await expect(run).rejects.toThrow(
      /The model keeps the 2 epochs that it learnt, without a memory bank yet: save with includeTraining: true keeps it, and fit with resume: true goes on\. \[IMAGE_UNREADABLE\]$/,
    );
    const file = memoryFile();
    await model.save(file, { includeTraining: true });
    const loaded = hold(await SaladModel.load(file));
    await loaded.fit(images, { resume: true });
    expect(loaded.history.length).toBe(3);
  });

  it('of a file that cannot be written: it scores', async () => {
    const model = create();
    const full = { save: () => Promise.reject(new Error('ENOSPC')) };
    await expect(model.fit(images, { checkpoint: full })).rejects.toThrow('ENOSPC');
    expect(model.history.length).toBe(1);
    expect((await model.score(images)).scores.length).toBe(12);
  });
});

describe('verbose', () => {
  it('prints a line for each epoch, and what the threshold promises', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await create().fit(images, { validation: mixed(25, 4, 5), verbose: true });
    for await (const _ of create().train(images, { verbose: true }));
    const lines = log.mock.calls.map(([line]) => line);
    log.mockRestore();
    expect(lines.length).toBe(7);
    expect(lines[0]).toMatch(
      /^epoch 1\/3 {2}round 0 {2}loss \d\.\d{3} {2}reconstruction \d\.\d{4} {2}latent \d\.\d\d {2}anchors {4}0 {2}validation AUC [01]\.\d{3} {2}\d+ s left$/,
    );
    expect(lines[3]).toMatch(
      /^threshold 0\.\d{4}: at most 5% of new normal images are expected to reach it \(computed from 25 normal images\); with 95% confidence at most 11.3% of new normal images reach it; 100% of 4 abnormal images at hand reach it \(95% interval 51% to 100%\); promises hold for new normal images that are exchangeable with the 25 validation normals /,
    );
    expect(lines[6]).toMatch(/^epoch 3\/3 .* validation AUC - /);
  });

  it('prints nothing without it, and is true or false', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await create().fit(images);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
    expect(await codeOf(create().fit(images, { verbose: 1 as never }))).toBe('INVALID_OPTION');
  });
});

describe('an option of another call', () => {
  it.each([
    [
      'epochs',
      /^SaladModel\.fit: unknown option 'epochs'\. pretrainEpochs \+ rounds \* epochsPerRound are the epochs of a run: give these to SaladModel\.create\. Known/,
    ],
    [
      'batchSize',
      /^SaladModel\.fit: unknown option 'batchSize'\. It is an option of SaladModel\.create\. Known/,
    ],
    [
      'validatoin',
      /^SaladModel\.fit: unknown option 'validatoin'\. Did you mean 'validation'\? Known/,
    ],
    ['shuffle', /^SaladModel\.fit: unknown option 'shuffle'\. Known/],
  ])('fit: %s', async (name, said) => {
    await expect(create().fit(images, { [name]: 5 } as object)).rejects.toThrow(said);
  });

  it('create: epochs', () => {
    expect(() => SaladModel.create({ backbone: tinyOptions, epochs: 5 } as never)).toThrow(
      "SaladModel.create: unknown option 'epochs'. pretrainEpochs + rounds * epochsPerRound are the epochs of a run. Known",
    );
  });

  it('a detector names the function that takes it', async () => {
    const detector = deepSvdd({ inputShape: [8, 8, 1], channels: [4], epochs: 1 });
    await expect(detector.fit(images, { epochs: 5 } as object)).rejects.toThrow(
      "deepSvdd.fit: unknown option 'epochs'. It is an option of deepSvdd. Known",
    );
    detector.dispose();
  });
});
