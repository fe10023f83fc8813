import { getEventListeners } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EpochLog, Progress, SaladCallbacks } from '../../src/index.js';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, memoryFile, mixed, normals, outcome, tinyModel } from './tiny.js';

const images = normals(12);
const test = mixed(3, 3, 7);
const hold = heldModels();
const create = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));
beforeAll(() => trainOn('wasm'));

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

  it('onTrainBegin that stops a resumed run leaves what had been learnt', async () => {
    const model = create();
    const { epochs, best } = await model.fit(images);
    const callbacks = { onTrainBegin: () => false };
    const history = await model.fit(images, { resume: true, callbacks });
    expect(history).toEqual({ epochs, best, stopped: true });
    expect(history.epochs.length).toBe(3);
  });

  it.each(['onTrainBegin', 'onEpochBegin', 'onBatchBegin', 'onBatchEnd', 'onEpochEnd'] as const)(
    '%s that disposes of the model ends the run with DISPOSED',
    async (hook) => {
      const model = create();
      const callbacks = { [hook]: () => model.dispose() };
      expect(await codeOf(model.fit(images, { callbacks, checkpoint: memoryFile() }))).toBe(
        'DISPOSED',
      );
    },
  );

  it('cannot score a model that has never been fitted, and learn why', async () => {
    const model = create();
    const onBatchEnd = async () => {
      await expect(model.score(test)).rejects.toThrow(
        /a training run was begun and not brought to its end.*\[NOT_FITTED\]$/,
      );
    };
    await model.fit(images, { callbacks: { onBatchEnd } });
    expect((await model.score(test)).scores.length).toBe(6);
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

  it('before the first step leaves a run to resume', async () => {
    const whole = create();
    await whole.fit(images);
    const model = create();
    const controller = new AbortController();
    const onEpochBegin = () => controller.abort(new Error('not now'));
    const { signal } = controller;
    const run = model.fit(images, { signal, callbacks: { onEpochBegin } });
    await expect(run).rejects.toThrow('not now');
    await expect(model.fit(images)).rejects.toThrow(/has begun.*resume: true.*\[ALREADY_FITTED\]$/);
    await model.fit(images, { resume: true });
    expect(await outcome(model, test)).toEqual(await outcome(whole, test));
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
    const seen: (EpochLog & Progress)[] = [];
    for await (const epoch of model.train(images)) seen.push(epoch);
    expect(seen.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(seen.map(({ done, total }) => [done, total])).toEqual(
      [1, 2, 3, 4].map((done) => [done, 4]),
    );
    expect(seen.slice(0, 3).every(({ secondsLeft }) => secondsLeft > 0 && secondsLeft < 1e6)).toBe(
      true,
    );
    expect(seen[3].secondsLeft).toBe(0);
    expect(model.history).toEqual(
      seen.map(({ done: _, total: __, secondsLeft: ___, ...log }) => log),
    );
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
