import { getEventListeners } from 'node:events';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EpochProgress, SaladCallbacks, SaladModel } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { useBackend } from '../support/backends.js';
import { codeOf, memoryFile, mixed, normals, outcome, tinyModel } from './tiny.js';

const images = normals(12);
const test = mixed(3, 3, 7);
const held: SaladModel[] = [];
const create = (options?: Parameters<typeof tinyModel>[0]): SaladModel => {
  const model = tinyModel(options);
  held.push(model);
  return model;
};
let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  for (const model of held.splice(0)) model.dispose();
  expect(tf.memory().numTensors, 'tensors left behind').toBe(tensors);
});
beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

/** Callbacks that write down every call, in order. */
function recorder() {
  const calls: [string, ...unknown[]][] = [];
  const hooks = [
    'onTrainBegin',
    'onEpochBegin',
    'onBatchBegin',
    'onBatchEnd',
    'onEpochEnd',
  ] as const;
  const callbacks: SaladCallbacks = Object.fromEntries(
    [...hooks, 'onTrainEnd'].map((hook) => [
      hook,
      (...args: unknown[]) => {
        calls.push([hook, ...args]);
      },
    ]),
  );
  return { calls, callbacks };
}

describe('callbacks', () => {
  it("come in tfjs-layers' order, with its arguments", async () => {
    const { calls, callbacks } = recorder();
    await create({ pretrainEpochs: 1, rounds: 1, batchSize: 5 }).fit(images, { callbacks });
    const epoch = (n: number) => [
      ['onEpochBegin', n],
      ...[0, 1, 2].flatMap((batch) => [
        ['onBatchBegin', batch],
        ['onBatchEnd', batch],
      ]),
      ['onEpochEnd', n],
    ];
    expect(calls.map(([hook, number]) => (number === undefined ? [hook] : [hook, number]))).toEqual(
      [['onTrainBegin'], ...epoch(0), ...epoch(1), ['onTrainEnd']],
    );
    const batchEnds = calls.filter(([hook]) => hook === 'onBatchEnd');
    for (const [, batch, logs] of batchEnds)
      expect(logs).toMatchObject({ batch, size: 4, loss: expect.any(Number) });
    const [, , logs] = calls.find(([hook]) => hook === 'onEpochEnd')!;
    const numbers = Object.values(logs as object);
    expect(numbers.every(Number.isFinite)).toBe(true);
    const mean =
      batchEnds.slice(0, 3).reduce((sum, [, , l]) => sum + (l as { loss: number }).loss, 0) / 3;
    expect((logs as { loss: number }).loss).toBeCloseTo(mean, 12);
  });

  it.each([
    ['onEpochBegin', 0],
    ['onBatchBegin', 0],
    ['onBatchEnd', 0],
    ['onEpochEnd', 1],
  ] as const)('%s stops the run by returning false', async (hook, epochsDone) => {
    const model = create();
    const { calls, callbacks } = recorder();
    const history = await model.fit(images, {
      callbacks: { ...callbacks, [hook]: async () => false },
    });
    expect(history.stopped).toBe(true);
    expect(history.epochs.length).toBe(epochsDone);
    expect(calls.at(-1)).toEqual(['onTrainEnd']);
    expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
  });

  it('onTrainBegin stops it before anything is done', async () => {
    const model = create();
    const history = await model.fit(images, { callbacks: { onTrainBegin: () => false } });
    expect(history).toEqual({ epochs: [], stopped: true });
    expect(await codeOf(model.score(test))).toBe('NOT_FITTED');
    expect((await model.fit(images)).epochs.length).toBe(3);
  });

  it('pass on what they throw, and leave a model that scores', async () => {
    const model = create();
    const onEpochEnd = () => {
      throw new Error('mine');
    };
    await expect(model.fit(images, { callbacks: { onEpochEnd } })).rejects.toThrow('mine');
    expect((await model.score(test)).scores.length).toBe(6);
  });
});

describe('abort', () => {
  it('before the run changes nothing', async () => {
    const model = create();
    const reason = new Error('not now');
    await expect(model.fit(images, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect((await model.fit(images)).epochs.length).toBe(3);
    const before = await model.score(test);
    const signal = AbortSignal.abort(reason);
    await expect(model.fit(images, { resume: true, signal })).rejects.toBe(reason);
    expect(await model.score(test)).toEqual(before);
  });

  it('in the middle rejects with the reason, and leaves a model that scores and resumes', async () => {
    const whole = create();
    await whole.fit(images);
    const model = create();
    const controller = new AbortController();
    const { signal } = controller;
    const reason = { because: 'the user closed the page' };
    const checkpoint = memoryFile();
    const onBatchEnd = (batch: number) => {
      if (batch === 1 && model.history.length === 1) controller.abort(reason);
    };
    const run = model.fit(images, { signal, checkpoint, callbacks: { onBatchEnd } });
    await expect(run).rejects.toBe(reason);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(checkpoint.versions.length).toBe(1);
    expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
    await model.fit(images, { resume: true });
    expect(await outcome(model, test)).toEqual(await outcome(whole, test));
  });
});

describe('train', () => {
  it('yields an epoch at a time; the seconds left are finite and end at 0', async () => {
    const model = create({ rounds: 3 });
    const seen: EpochProgress[] = [];
    for await (const epoch of model.train(images)) seen.push(epoch);
    expect(seen.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(seen.every(({ epochs }) => epochs === 4)).toBe(true);
    expect(seen.slice(0, 3).every(({ secondsLeft }) => secondsLeft > 0 && secondsLeft < 1e6)).toBe(
      true,
    );
    expect(seen[3].secondsLeft).toBe(0);
    expect(model.history).toEqual(seen.map(({ epochs: _, secondsLeft: __, ...log }) => log));
  });

  it('is stopped by break, which leaves a model that scores and resumes', async () => {
    const whole = create();
    await whole.fit(images, { validation: test });
    const model = create();
    for await (const { epoch } of model.train(images, { validation: test })) if (epoch === 1) break;
    expect(model.history.length).toBe(2);
    expect(model.threshold).toBeGreaterThan(0);
    expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
    await model.fit(images, { validation: test, resume: true });
    expect(await outcome(model, test)).toEqual(await outcome(whole, test));
  });
});

describe('two runs at once', () => {
  it('are refused, and the first goes on as if it were alone', async () => {
    const alone = create();
    await alone.fit(images);
    const model = create();
    const first = model.fit(images);
    expect(await codeOf(model.fit(images))).toBe('TRAINING_IN_PROGRESS');
    expect(await codeOf(model.fit(images, { resume: true }))).toBe('TRAINING_IN_PROGRESS');
    expect(await codeOf(model.trainer(images))).toBe('TRAINING_IN_PROGRESS');
    await first;
    expect(await outcome(model, test)).toEqual(await outcome(alone, test));
  });

  it('one after the other are not: a run that failed is over', async () => {
    const model = create();
    expect(await codeOf(model.fit(normals(1)))).toBe('EMPTY_SET');
    expect((await model.fit(images)).epochs.length).toBe(3);
  });
});

describe('trainer', () => {
  it('equals fit, step by step', async () => {
    const fitted = create();
    await fitted.fit(images, { validation: test });
    const model = create();
    const trainer = await model.trainer(images, { validation: test });
    expect([trainer.epochs, trainer.epoch, trainer.round, trainer.done]).toEqual([3, 0, 0, false]);
    const ends: (number | undefined)[] = [];
    while (!trainer.done) {
      const { epoch, step, stepsPerEpoch, batchSize, epochEnd } = await trainer.step();
      expect([step, stepsPerEpoch, batchSize]).toEqual([ends.length % 3, 3, 4]);
      expect(epoch).toBe(Math.floor(ends.length / 3));
      ends.push(epochEnd?.epoch);
    }
    const no = undefined;
    expect(ends).toEqual([no, no, 0, no, no, 1, no, no, 2]);
    expect([trainer.epoch, trainer.round]).toEqual([3, 2]);
    expect(await codeOf(trainer.step())).toBe('INVALID_OPTION');
    await trainer.finish();
    expect(await outcome(model, test)).toEqual(await outcome(fitted, test));
  });

  it('may be finished in between, and again', async () => {
    const whole = create({ keep: 'best-validation' });
    await whole.fit(images, { validation: test });
    const model = create({ keep: 'best-validation' });
    const trainer = await model.trainer(images, { validation: test });
    while (!trainer.done) {
      await trainer.step();
      await trainer.finish();
    }
    await trainer.finish();
    expect(await outcome(model, test)).toEqual(await outcome(whole, test));
  });

  it('does not outlive its model', async () => {
    const model = create();
    const trainer = await model.trainer(images);
    model.dispose();
    expect(await codeOf(trainer.finish())).toBe('DISPOSED');
  });
});
