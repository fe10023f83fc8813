import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anomalyMaps } from '../../src/explain/index.js';
import { type Backbone, none, SaladModel, type SaladWarning } from '../../src/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { lossySource } from '../support/lossy-source.js';
import { codeOf, memoryFile, mixed, normals, SIDE, tinyModel } from './tiny.js';

const inputShape = [SIDE, SIDE, 1] as const;

/** Means of the rows and of the columns, as unit vectors: nothing in it can learn. */
function means(fingerprint: string | readonly number[] = 'abc'): Backbone {
  return {
    inputShape,
    embeddingSize: 2 * SIDE,
    encode: (images) => {
      const rows = tf.concat([tf.mean(images, [2, 3]), tf.mean(images, [1, 3])], 1);
      return { embeddings: tf.div(rows, tf.norm(rows, 2, 1, true)) as tf.Tensor2D, maps: [images] };
    },
    trainable: [],
    statistics: [],
    config: { kind: 'means', inputShape, fingerprint },
    dispose() {},
  };
}

/** The same, which answers later; its `encode` must not be called. */
function meansLater(fingerprint?: string): Backbone {
  const { encode, ...rest } = means(fingerprint);
  return {
    ...rest,
    encode() {
      throw new Error('encode was called of an encoder that answers later');
    },
    async infer(images: Tensor4D) {
      const copy = tf.clone(images);
      await tf.nextFrame();
      const embeddings = tf.tidy(() => encode(copy, false).embeddings);
      return { embeddings, maps: [copy] };
    },
  };
}

beforeAll(() => useBackend('cpu'));

const model = (backbone: Backbone) =>
  SaladModel.create({ backbone, imageNormalization: none(), scoreNeighbors: 3 });

describe('a model of a frozen backbone', () => {
  it('has no epochs, and refuses those that it is asked for', () => {
    const frozen = model(means());
    expect(frozen.settings).toMatchObject({ pretrainEpochs: 0, rounds: 0 });
    expect(frozen.name).toBe('frozenEncoder');
    const asked = () => SaladModel.create({ backbone: () => means(), pretrainEpochs: 3 });
    expect(asked).toThrow(
      /^SaladModel\.create: pretrainEpochs is 3, but the backbone is frozen.*\[INVALID_OPTION\]$/,
    );
    expect(() => tinyModel({ backbone: means() })).toThrow(/\[INVALID_OPTION\]$/);
    expect(model({ ...means() }).settings.epochsPerRound).toBe(4);
  });

  it('frees the backbone that was made for it where it refuses', () => {
    let disposed = 0;
    const dispose = () => {
      disposed += 1;
    };
    const backbone = () => ({ ...means(), dispose });
    expect(() => SaladModel.create({ backbone, rounds: 1 })).toThrow(/rounds is 1/);
    expect(disposed).toBe(1);
  });

  it('is not warned of a seed, since nothing is drawn for its weights', async () => {
    const warnings: SaladWarning[] = [];
    const seeded = SaladModel.create({ backbone: means(), imageNormalization: none(), seed: 7 });
    await seeded.fit(normals(12), { onWarning: (warning) => warnings.push(warning) });
    expect(warnings).toEqual([]);
    seeded.dispose();
  });

  it.each([
    ['at once', means],
    ['later', meansLater],
  ] as const)('learns, scores and is saved: an encoder that answers %s', async (_, make) => {
    await expectNoLeak(async () => {
      const fitted = model(make());
      await fitted.fit(normals(12), { validation: mixed(8, 3, 5) });
      expect(fitted.history).toEqual([]);
      expect(fitted.bank.size).toBe(12);
      const test = mixed(4, 4, 9);
      const { scores, relative } = await fitted.score(test);
      // Bands along the film are unlike those across it.
      expect(Math.min(...scores.slice(4))).toBeGreaterThan(Math.max(...scores.slice(0, 4)));
      const file = memoryFile();
      await fitted.save(file);
      const loaded = await SaladModel.load(file, { backbone: make() });
      const again = await loaded.score(test);
      expect(again.scores).toEqual(scores);
      expect(again.relative).toEqual(relative);
      expect(loaded.threshold).toBe(fitted.threshold);
      await loaded.extend(normals(4, 3, 'more'));
      expect(loaded.bank.size).toBe(16);
      await loaded.calibrate(normals(8, 5));
      await loaded.refreshBank(normals(12));
      expect((await loaded.score(test)).scores).toEqual(scores);
      for (const one of [fitted, loaded]) one.dispose();
    });
  });

  it('gives both encoders the same scores, to the bit', async () => {
    const [now, later] = [model(means()), model(meansLater())];
    for (const one of [now, later]) await one.fit(normals(12));
    const test = mixed(4, 4, 9);
    expect((await later.score(test)).scores).toEqual((await now.score(test)).scores);
    const embeddings = await Promise.all([now.embed(test), later.embed(test)]);
    expect(embeddings[1].arraySync()).toEqual(embeddings[0].arraySync());
    tf.dispose(embeddings);
    for (const one of [now, later]) one.dispose();
  });

  it('is explained by occlusion where the encoder answers later', async () => {
    const later = model(meansLater());
    await later.fit(normals(12));
    const maps = await anomalyMaps(later, mixed(0, 2), { method: 'occlusion', sigma: 0 });
    expect(maps.map(({ values }) => Math.max(...values) > 0)).toEqual([true, true]);
    later.dispose();
  });

  it('leaves no tensors behind where its encoder fails', async () => {
    const broken: Backbone = { ...meansLater(), infer: () => Promise.reject(new Error('gone')) };
    const fitted = model(broken);
    await expectNoLeak(() => expect(fitted.embed(normals(3))).rejects.toThrow(/gone/));
    fitted.dispose();
  });

  it('leaves out images that cannot be read', async () => {
    const fitted = model(meansLater());
    await fitted.fit(normals(12));
    const { problems, scores } = await fitted.score(
      lossySource(normals(5, 2), (index) => index === 1),
    );
    expect([problems?.length, scores.length]).toEqual([1, 4]);
    fitted.dispose();
  });
});

describe('load', () => {
  const saved = async (backbone: Backbone) => {
    const fitted = model(backbone);
    await fitted.fit(normals(12));
    const file = memoryFile();
    await fitted.save(file);
    fitted.dispose();
    return file;
  };

  it('refuses an encoder of another fingerprint, kind or recipe, and names what differs', async () => {
    const file = await saved(means());
    const load = (backbone: Backbone) => SaladModel.load(file, { backbone });
    await expect(load(means('abd'))).rejects.toThrow(/another encoder.*\[INVALID_OPTION\]$/);
    const colour = { ...means(), config: { ...means().config, channels: 3 } };
    await expect(load(colour)).rejects.toThrow(/its channels is 3, not undefined/);
    const other = { ...means(), config: { ...means().config, kind: 'sums' } };
    await expect(load(other)).rejects.toThrow(/its kind is "sums", not "means"/);
  });

  it('takes fingerprints of numbers that differ by rounding, and refuses others', async () => {
    const file = await saved(means([4, 0.5, -2]));
    const load = (numbers: number[]) => SaladModel.load(file, { backbone: means(numbers) });
    // A hundredth of the largest, .04, is allowed.
    (await load([4.03, 0.47, -2.03])).dispose();
    expect(await codeOf(load([4, 0.55, -2]))).toBe('INVALID_OPTION');
    expect(await codeOf(load([4, 0.5]))).toBe('INVALID_OPTION');
    expect(await codeOf(load([4, Number.NaN, -2]))).toBe('INVALID_OPTION');
  });

  it.each([
    [
      'efficientNetLite0',
      /efficientNetLite0\(\{ inputShape: \[8,8,1\] \}\) of 'salad-ad\/encoders'/,
    ],
    ['frozenEncoder', /frozenEncoder\(\{ \.\.\. \}\) of 'salad-ad\/encoders'/],
  ])('names the remedy where no encoder is given: %s', async (kind, remedy) => {
    const file = await saved({ ...means(), config: { kind, inputShape } });
    await expect(SaladModel.load(file)).rejects.toThrow(remedy);
    const options = { kind, inputShape } as never;
    expect(() => SaladModel.create({ backbone: options })).toThrow(remedy);
  });
});
