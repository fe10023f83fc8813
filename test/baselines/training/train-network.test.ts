import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ConvNetworkOptions,
  type DenoisingAutoencoderOptions,
  denoisingAutoencoder,
  resnetClassifier,
} from '../../../src/baselines/index.js';
import { type ImageSource, none } from '../../../src/index.js';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import { codeOf, mixed, normals } from '../../model/tiny.js';
import { expectNoLeak, useBackend } from '../../support/backends.js';

const network: ConvNetworkOptions = {
  inputShape: [8, 8, 1],
  imageNormalization: none(),
  channels: [4],
  embeddingSize: 6,
  epochs: 6,
  batchSize: 6,
  learningRate: 0.02,
  seed: 3,
};
const create = (options: Partial<DenoisingAutoencoderOptions> = {}) =>
  denoisingAutoencoder({ ...network, ...options });
const train = () => normals(14);
const validation = () => mixed(4, 4, 3);

async function scoresOf(options: Partial<DenoisingAutoencoderOptions>, stopAfter = Infinity) {
  const detector = create(options);
  const history = await detector.fit(train(), {
    validation: validation(),
    callbacks: { onEpochEnd: (epoch) => epoch < stopAfter },
  });
  const { scores } = await detector.score(validation());
  detector.dispose();
  return { history, scores: Array.from(scores) };
}

describe('networks learn', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    expect(await codeOf(create().fit(train()))).toBe('BACKEND_CANNOT_TRAIN');
    await enableWasmTraining();
  });

  it('to lower their loss', async () => {
    const { history } = await scoresOf({});
    const losses = history.epochs.map(({ loss }) => loss);
    expect(losses).toHaveLength(6);
    expect(losses[5]).toBeLessThan(losses[0] / 2);
    expect(history.stopped).toBe(false);
  });

  it('and keep the epoch that validation likes best, where they are told to', async () => {
    const { history, scores } = await scoresOf({ keep: 'bestValidation' });
    const areas = history.epochs.map(({ validationAuc }) => validationAuc ?? Number.NaN);
    const best = areas.indexOf(Math.max(...areas));
    expect(history.best).toEqual({ epoch: best, validationAuc: areas[best] });
    expect((await scoresOf({}, best)).scores).toEqual(scores);
  });

  it('and validate as often as they are told to, and at the end', async () => {
    const { history } = await scoresOf({ epochs: 5, validateEvery: 2 });
    const validated = history.epochs.filter(({ validationAuc }) => validationAuc !== undefined);
    expect(validated.map(({ epoch }) => epoch)).toEqual([1, 3, 4]);
  });

  it('and keep no epoch as the best where none was validated', async () => {
    const options = { keep: 'bestValidation', validateEvery: 3 } as const;
    const { history, scores } = await scoresOf(options, 1);
    expect(history.epochs).toHaveLength(2);
    expect(history.best).toBeUndefined();
    expect((await scoresOf({}, 1)).scores).toEqual(scores);
  });

  it('and score by their first weights where there are no epochs', async () => {
    const { history, scores } = await scoresOf({ epochs: 0 });
    expect(history.epochs).toEqual([]);
    expect(new Set(scores).size).toBeGreaterThan(1);
  });

  it('and say so where the loss is no number any more', async () => {
    const detector = create({ learningRate: 1e30, epochs: 3 });
    const code = await expectNoLeak(() => codeOf(detector.fit(train())));
    expect(code).toBe('TRAINING_DIVERGED');
    detector.dispose();
  });

  it('and may begin anew after a fit that was given up', async () => {
    const abort = new AbortController();
    const detector = create();
    const callbacks = { onEpochEnd: () => abort.abort() };
    await expect(detector.fit(train(), { signal: abort.signal, callbacks })).rejects.toThrow();
    expect(await codeOf(detector.score(train()))).toBe('NOT_FITTED');
    await detector.fit(train(), { validation: validation() });
    const { scores } = await detector.score(validation());
    expect(Array.from(scores)).toEqual((await scoresOf({})).scores);
    detector.dispose();
  });

  it('one fit at a time, and not once they are gone', async () => {
    const detector = create();
    const first = detector.fit(train());
    expect(await codeOf(detector.fit(train()))).toBe('TRAINING_IN_PROGRESS');
    const before = tf.memory().numTensors;
    detector.dispose();
    expect(await codeOf(first)).toBe('DISPOSED');
    expect(tf.memory().numTensors).toBeLessThan(before);
  });

  it('from images that can all be read', async () => {
    const source: ImageSource = {
      ...train(),
      read: (rows) => train().read(Array.from(rows).slice(1)),
    };
    const detector = create();
    await expectNoLeak(() => expect(detector.fit(source)).rejects.toThrow());
    detector.dispose();
  });

  it.each([
    [{ keep: 'bestValidation' }, undefined],
    [{ keep: 'bestValidation' }, normals(4, 2)],
  ] as const)('and choose an epoch by both classes alone: %o', async (options, images) => {
    const detector = create(options);
    expect(await codeOf(detector.fit(train(), { validation: images }))).toBe('INVALID_OPTION');
    detector.dispose();
  });

  it('a classifier from both classes alone', async () => {
    const detector = resnetClassifier({ inputShape: [8, 8, 1], width: 2, epochs: 1 });
    expect(await codeOf(detector.fit(train()))).toBe('EMPTY_SET');
    detector.dispose();
  });
});
