import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageSource, SaladModel } from '../../src/index.js';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, labelled, memoryFile, mixed, normals, outcome, tinyModel } from './tiny.js';

const hold = heldModels();
beforeAll(() => trainOn('wasm'));

const images = normals(12);
const validation = mixed(4, 4, 2);
// Six epochs of three steps: two of pre-training, then two rounds of two.
const schedule = {
  pretrainEpochs: 2,
  rounds: 2,
  epochsPerRound: 2,
  learningRate: 0.05,
  augmentation: { shift: 0.1 },
} as const;
const EPOCHS = 6;
const STEPS = 3 * EPOCHS;
/** None, within an epoch, at its end, at the ends of pre-training and of round 1, all. */
const STOPS = [0, 1, 3, 5, 6, 8, 12, 16, STEPS];

async function uninterrupted(keep: 'last' | 'bestValidation') {
  const model = hold(tinyModel({ ...schedule, keep }));
  await model.fit(images, { validation });
  return outcome(model, validation);
}

/** Runs `steps` steps and stops, as a break, an abort or a callback does. */
async function stoppedAfter(steps: number, keep: 'last' | 'bestValidation'): Promise<SaladModel> {
  const model = hold(tinyModel({ ...schedule, keep }));
  const trainer = await model.trainer(images, { validation });
  for (let i = 0; i < steps; i++) await trainer.step();
  await trainer.finish();
  return model;
}

describe.each([
  ['cpu', 'bestValidation'],
  ['wasm', 'bestValidation'],
  ['wasm', 'last'],
] as const)('resume (%s) with keep: %s', (backend, keep) => {
  beforeAll(() => trainOn(backend));
  afterAll(() => trainOn('wasm'));

  it('from every checkpoint gives the uninterrupted run to the bit', async () => {
    const whole = await uninterrupted(keep);
    const file = memoryFile();
    const model = hold(tinyModel({ ...schedule, keep }));
    await model.fit(images, { validation, checkpoint: file });
    expect(await outcome(model, validation)).toEqual(whole);
    // One a completed epoch, and one of the finished model.
    expect(file.versions.length).toBe(EPOCHS + 1);
    for (const [i, version] of file.versions.entries()) {
      const loaded = hold(await SaladModel.load(memoryFile(version)));
      expect(loaded.history.length).toBe(Math.min(i + 1, EPOCHS));
      await loaded.fit(images, { validation, resume: true });
      expect(await outcome(loaded, validation), `after epoch ${i}`).toEqual(whole);
    }
  });

  it('of a run that stopped anywhere gives the uninterrupted run to the bit', async () => {
    const whole = await uninterrupted(keep);
    for (const steps of STOPS) {
      const model = await stoppedAfter(steps, keep);
      const file = memoryFile();
      await model.save(file, { includeTraining: true });
      const loaded = hold(await SaladModel.load(file));
      const before = await model.score(validation);
      expect((await loaded.score(validation)).scores, 'a stopped model scores').toEqual(
        before.scores,
      );
      for (const again of [model, loaded]) {
        await again.fit(images, { validation, resume: true });
        expect(await outcome(again, validation), `after ${steps} steps`).toEqual(whole);
      }
    }
  });
});

describe('resume', () => {
  it('goes on within the epoch: no step is run twice', async () => {
    const model = await stoppedAfter(4, 'last');
    const batches: number[] = [];
    await model.fit(images, {
      resume: true,
      callbacks: { onBatchBegin: (batch) => void batches.push(batch) },
    });
    expect(batches).toEqual([
      1,
      2,
      ...Array(EPOCHS - 2)
        .fill([0, 1, 2])
        .flat(),
    ]);
  });

  it('holds no bank and no threshold of before while it trains', async () => {
    const model = await stoppedAfter(3, 'last');
    expect(model.bank.size).toBe(12);
    const trainer = await model.trainer(images, { resume: true });
    await trainer.step();
    expect(await codeOf(model.score(validation))).toBe('NOT_FITTED');
    expect(model.threshold).toBeUndefined();
    const file = memoryFile();
    await model.save(file, { includeTraining: true });
    expect(file.artifacts!.weightSpecs!.map(({ name }) => name)).not.toContain('bank');
    await trainer.finish();
    expect(model.bank.size).toBe(12);
  });

  it('refuses other images', async () => {
    const model = await stoppedAfter(3, 'last');
    const others: Record<string, ImageSource> = {
      fewer: normals(11),
      'other names': normals(12, 1, 'other'),
      'other labels': { ...images, labels: [1, ...Array(11).fill(0)] },
      'other pixels under the same names': normals(12, 2),
    };
    for (const [name, other] of Object.entries(others)) {
      const before = tf.memory().numTensors;
      expect(await codeOf(model.fit(other, { resume: true })), name).toBe('CHECKPOINT_MISMATCH');
      expect(tf.memory().numTensors).toBe(before);
    }
    expect((await model.score(validation)).scores.length).toBe(8);
  });

  it('refuses a second fit, and a resume without training state', async () => {
    const model = await stoppedAfter(STEPS, 'last');
    expect(await codeOf(model.fit(images))).toBe('ALREADY_FITTED');
    const file = memoryFile();
    await model.save(file);
    const loaded = hold(await SaladModel.load(file));
    expect(await codeOf(loaded.fit(images))).toBe('ALREADY_FITTED');
    expect(await codeOf(loaded.fit(images, { resume: true }))).toBe('NOT_FITTED');
    const fresh = hold(tinyModel());
    expect(await codeOf(fresh.fit(images, { resume: true }))).toBe('NOT_FITTED');
  });

  it('survives an error while reading images in the middle of an epoch', async () => {
    const whole = await uninterrupted('last');
    const model = hold(tinyModel(schedule));
    const file = memoryFile();
    let steps = 0;
    let failures = 0;
    const failing: ImageSource = {
      ...images,
      read: async (indices) => {
        // Also when the bank is refreshed: what stopped the run is what must be told.
        if (steps === 7) throw new Error(failures++ === 0 ? 'the disk is gone' : 'again');
        return images.read(indices);
      },
    };
    const callbacks = {
      onBatchEnd: () => {
        steps += 1;
      },
    };
    const run = model.fit(failing, { validation, checkpoint: file, callbacks });
    await expect(run).rejects.toThrow('the disk is gone');
    const fromFile = hold(await SaladModel.load(file));
    expect(fromFile.history.length).toBe(2);
    for (const again of [model, fromFile]) {
      await again.fit(images, { validation, resume: true });
      expect(await outcome(again, validation)).toEqual(whole);
    }
  });

  it('does not repeat the steps of an epoch whose validation could not be read', async () => {
    const model = hold(tinyModel(schedule));
    let broken = true;
    const failing: ImageSource = {
      ...validation,
      read: async (indices) => {
        if (broken && model.history.length === 2) throw new Error('the disk is gone');
        return validation.read(indices);
      },
    };
    await expect(model.fit(images, { validation: failing })).rejects.toThrow('the disk is gone');
    expect((await model.score(validation)).scores.length).toBe(8);
    broken = false;
    await model.fit(images, { validation: failing, resume: true });
    const whole = await uninterrupted('last');
    const { history, ...rest } = await outcome(model, validation);
    const { history: logs, ...expected } = whole;
    expect(rest).toEqual(expected);
    const { validationAuc: _, ...withoutAuc } = logs[1];
    expect(history).toEqual([logs[0], withoutAuc, ...logs.slice(2)]);
  });

  it('checkpoints every n-th epoch, and once more when the run is over', async () => {
    const file = memoryFile();
    await hold(tinyModel(schedule)).fit(images, { checkpoint: file, checkpointEvery: 4 });
    const epochs = file.versions.map(
      ({ userDefinedMetadata }) =>
        (userDefinedMetadata as { saladAd: { history: [] } }).saladAd.history.length,
    );
    expect(epochs).toEqual([4, 6]);
    const fresh = hold(tinyModel());
    const zero = { checkpoint: file, checkpointEvery: 0 };
    expect(await codeOf(fresh.fit(images, zero))).toBe('INVALID_OPTION');
    expect(await codeOf(fresh.fit(images, { checkpoint: 'nowhere://model' }))).toBe(
      'INVALID_OPTION',
    );
    expect(fresh.history.length).toBe(0);
  });

  it('keeps known anomalies and the round across a file', async () => {
    const train = labelled([0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
    const settings = { ...schedule, overlap: true, entropyIncludesSelf: true };
    const whole = hold(tinyModel(settings));
    await whole.fit(train);
    const part = hold(tinyModel(settings));
    const trainer = await part.trainer(train);
    for (let i = 0; i < 10; i++) await trainer.step();
    const file = memoryFile();
    await part.save(file, { includeTraining: true });
    const loaded = hold(await SaladModel.load(file));
    await loaded.fit(train, { resume: true });
    expect(await outcome(loaded, validation)).toEqual(await outcome(whole, validation));
    expect(loaded.discard).toEqual(whole.discard);
  });
});
