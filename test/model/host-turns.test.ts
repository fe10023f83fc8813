import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localOutlierFactor, logisticRegression, pixelBank } from '../../src/baselines/index.js';
import { checkImages, inspectImages, readInOrder } from '../../src/data/index.js';
import { anomalyMaps } from '../../src/explain/index.js';
import {
  convAutoencoder,
  findNeighborhoods,
  type ImageSource,
  MemoryBank,
  SaladModel,
} from '../../src/index.js';
import { atOnce } from '../../src/support/in-turns.js';
import { expectNoLeak } from '../support/backends.js';
import { trainOn } from './held-models.js';
import { codeOf, mixed, normals, pixelsOf, tinyModel } from './tiny.js';

/** How often a timer of a millisecond was called during work. */
async function ticksDuring(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  try {
    await work();
    return ticks;
  } finally {
    clearInterval(timer);
  }
}

/** `count` images in memory: the same few again and again. */
function many(count: number): ImageSource {
  const few = pixelsOf(new Array(64).fill(0));
  const ids = Array.from({ length: count }, (_, i) => `image-${i}`);
  return {
    length: count,
    ids,
    read: async (indices) => ({
      pixels: Float32Array.from({ length: 64 * indices.length }, (_, p) => {
        const image = indices[Math.floor(p / 64)] % 64;
        return few[64 * image + (p % 64)];
      }),
      shape: [8, 8, 1],
    }),
  };
}

let model: SaladModel;
beforeAll(async () => {
  await trainOn('wasm');
  model = tinyModel();
  await model.fit(normals(12), { validation: mixed(8, 4, 5) });
});
afterAll(() => model.dispose());

describe('timers have their turn while a long call works on images in memory', () => {
  // Without a turn there is no tick at all: the work before and after it is never awaited by more than a promise.
  const calls: Record<string, (images: ImageSource) => Promise<unknown>> = {
    score: (images) => model.score(images),
    nearest: (images) => model.nearest(images),
    embed: async (images) => (await model.embed(images)).dispose(),
    reconstructionErrors: (images) => model.reconstructionErrors(images),
    calibrate: (images) => model.calibrate(images),
    checkImages: (images) => checkImages(images),
    inspectImages: (images) => inspectImages(images),
    readInOrder: async (images) => {
      for await (const _ of readInOrder(images));
    },
  };
  it.each(Object.entries(calls))('%s', async (name, call) => {
    const count = name === 'inspectImages' ? 2000 : name === 'readInOrder' ? 80_000 : 6000;
    expect(await ticksDuring(() => call(many(count)))).toBeGreaterThanOrEqual(1);
  });

  it('score of 20,000 images', async () => {
    expect(await ticksDuring(() => model.score(many(20_000)))).toBeGreaterThanOrEqual(5);
  });

  it('fit, trainer, extend and refreshBank', async () => {
    const own = tinyModel({ pretrainEpochs: 2, rounds: 0, batchSize: 16 });
    expect(await ticksDuring(() => own.fit(many(1000)))).toBeGreaterThanOrEqual(1);
    expect(await ticksDuring(() => own.extend(many(8000)))).toBeGreaterThanOrEqual(1);
    expect(await ticksDuring(() => own.refreshBank(many(4000)))).toBeGreaterThanOrEqual(1);
    own.dispose();
    const other = tinyModel({ pretrainEpochs: 1, rounds: 0, batchSize: 16 });
    const trainer = await other.trainer(many(1000));
    const steps = async () => {
      while (!trainer.done) await trainer.step();
    };
    expect(await ticksDuring(steps)).toBeGreaterThanOrEqual(1);
    other.dispose();
  });

  it('large images go through the network a few at a time', async () => {
    const inputShape = [224, 224, 1] as const;
    const backbone = convAutoencoder({ inputShape, channels: [1, 1], embeddingSize: 4 });
    const counts: number[] = [];
    const watched = {
      ...backbone,
      encode: (images: tf.Tensor4D, training: boolean) => {
        counts.push(images.shape[0]);
        return backbone.encode(images, training);
      },
    };
    const own = SaladModel.create({ backbone: watched });
    const images = tf.randomUniform<tf.Rank.R4>([20, ...inputShape], 0, 1, 'float32', 1);
    (await own.embed(images)).dispose();
    images.dispose();
    own.dispose();
    expect(counts).toEqual([7, 7, 6]);
  });

  it('findNeighborhoods', async () => {
    const bank = MemoryBank.random({ size: 6000, dim: 64 });
    expect(await ticksDuring(() => findNeighborhoods(bank))).toBeGreaterThanOrEqual(1);
    bank.dispose();
  });

  it('detectors without a network', async () => {
    const inputShape = [8, 8, 1] as const;
    const labels = Array.from({ length: 700 }, (_, i) => (i % 7 === 0 ? 1 : 0));
    const train = { ...many(700), labels };
    for (const make of [localOutlierFactor, logisticRegression, pixelBank]) {
      const detector = make({ inputShape });
      const ticks = await ticksDuring(async () => {
        await detector.fit(train);
        await detector.score(many(1500));
      });
      expect(ticks, detector.name).toBeGreaterThanOrEqual(1);
      detector.dispose();
    }
  });
});

describe('a signal ends', () => {
  const calls: Record<string, (images: ImageSource, signal: AbortSignal) => Promise<unknown>> = {
    score: (images, signal) => model.score(images, { signal }),
    nearest: (images, signal) => model.nearest(images, { signal }),
    embed: (images, signal) => model.embed(images, { signal }),
    reconstruct: (images, signal) => model.reconstruct(images, { signal }),
    reconstructionErrors: (images, signal) => model.reconstructionErrors(images, { signal }),
    calibrate: (images, signal) => model.calibrate(images, { signal }),
    extend: (images, signal) => model.extend(images, { signal }),
    refreshBank: (images, signal) => model.refreshBank(images, { signal }),
    anomalyMaps: (images, signal) => anomalyMaps(model, images, { signal }),
    fit: async (images, signal) => {
      const own = tinyModel();
      await own.fit(images, { signal }).finally(() => own.dispose());
    },
    'score of a stream': async (images, signal) => {
      for await (const _ of model.scoreStream([images, images], { signal }));
    },
  };

  it.each(Object.entries(calls))('%s, with the AbortError of fit', async (_name, call) => {
    const { threshold, bank } = model;
    const { size } = bank;
    await expectNoLeak(async () => {
      // Before it begins, by a timer in its midst, and while a read never comes.
      await expect(call(normals(4), AbortSignal.abort())).rejects.toMatchObject({
        name: 'AbortError',
      });
      const soon = new AbortController();
      setTimeout(() => soon.abort(), 5);
      await expect(call(many(20_000), soon.signal)).rejects.toMatchObject({ name: 'AbortError' });
      const stuck = new AbortController();
      const images = { ...many(200), read: () => new Promise<never>(() => {}) };
      const waiting = call(images, stuck.signal);
      setTimeout(() => stuck.abort(new Error('enough')), 5);
      await expect(waiting).rejects.toThrow('enough');
    });
    expect(model.threshold).toBe(threshold);
    expect(model.bank.size).toBe(size);
  });

  it('a detector without a network, in fit and in score', async () => {
    const detector = localOutlierFactor({ inputShape: [8, 8, 1] });
    const soon = () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 5);
      return { signal: controller.signal };
    };
    await expect(detector.fit(many(3000), soon())).rejects.toMatchObject({ name: 'AbortError' });
    await detector.fit(many(300));
    await expect(detector.score(many(9000), soon())).rejects.toMatchObject({ name: 'AbortError' });
    expect((await detector.score(many(3))).scores.length).toBe(3);
    expect(await codeOf(detector.score(many(3), { signal: 5 as never }))).toBe('INVALID_OPTION');
    detector.dispose();
  });

  it('the last step of a trainer, where it comes during the validation', async () => {
    const own = tinyModel({ pretrainEpochs: 1, rounds: 0 });
    const controller = new AbortController();
    let reads = 0;
    const validation = mixed(4, 4, 5);
    const watched: ImageSource = {
      ...validation,
      read: (indices) => {
        // The first reading is the check before the first step.
        if (reads++ > 0) controller.abort(new Error('enough'));
        return validation.read(indices);
      },
    };
    const options = { validation: watched, signal: controller.signal };
    const trainer = await own.trainer(normals(8), options);
    await trainer.step();
    await expect(trainer.step()).rejects.toThrow('enough');
    expect(trainer.done).toBe(true);
    await trainer.finish();
    expect((await own.score(normals(3))).scores.length).toBe(3);
    own.dispose();
  });

  it('no call whose signal is none', async () => {
    for (const call of Object.values(calls))
      expect(await codeOf(call(normals(4), 5 as never))).toBe('INVALID_OPTION');
  });
});

describe('other calls may come between', () => {
  it('a model that is disposed meanwhile says so', async () => {
    for (const call of ['score', 'embed', 'extend', 'refreshBank'] as const) {
      const before = tf.memory().numTensors;
      const own = tinyModel({ rounds: 0 });
      await own.fit(normals(12));
      setTimeout(() => own.dispose(), 5);
      expect(await codeOf(own[call](many(20_000))), call).toBe('DISPOSED');
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it.each(['embedding', 'both'] as const)(
    'a model of score %s that is disposed at any read of its training says so',
    async (score) => {
      const before = tf.memory().numTensors;
      let reads = 0;
      const disposedIn = async (read: number, when: 'before' | 'after') => {
        const own = tinyModel({ score, cells: { coreset: 8 }, pretrainEpochs: 1, rounds: 0 });
        reads = 0;
        const watched = (source: ImageSource): ImageSource => ({
          ...source,
          async read(...given) {
            const isIt = ++reads === read;
            if (isIt && when === 'before') own.dispose();
            const batch = await source.read(...given);
            if (isIt) own.dispose();
            return batch;
          },
        });
        try {
          await own.fit(watched(normals(12)), { validation: watched(mixed(6, 3, 4)) });
        } finally {
          own.dispose();
        }
      };
      await disposedIn(0, 'before');
      const all = reads;
      expect(all).toBeGreaterThan(4);
      for (let read = 1; read <= all; read++)
        for (const when of ['before', 'after'] as const)
          expect(await codeOf(disposedIn(read, when)), `${when} read ${read}`).toBe('DISPOSED');
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('scores are of one bank, whatever becomes of it meanwhile', async () => {
    const own = tinyModel({ rounds: 0 });
    const train = normals(12);
    await own.fit(train);
    const expected = await own.score(many(3000));
    const before = tf.memory().numTensors;
    const scoring = own.score(many(3000));
    await own.refreshBank(train);
    expect((await scoring).scores).toEqual(expected.scores);
    expect(tf.memory().numTensors).toBe(before);
    own.dispose();
  });
});

it('work in pieces gives the same without a break', () => {
  function* work() {
    let sum = 0;
    for (let i = 1; i <= 3; i++) {
      sum += i;
      yield;
    }
    return sum;
  }
  expect(atOnce(work())).toBe(6);
});
