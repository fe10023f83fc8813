import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convAutoencoder, SaladModel, type SaladOptions } from '../../src/index.js';
import { areaUnderRoc } from '../../src/metrics/roc.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import {
  encoderAlone,
  memoryFile,
  mixed,
  normals,
  outcome,
  pixelsOf,
  SIDE,
  tinyBackbone,
  tinyModel,
} from './tiny.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

describe('ablations and forms', () => {
  const train = normals(12);
  const test = mixed(4, 4, 7);
  const forms: [string, Partial<SaladOptions>, ('reconstruction' | 'latent')[]][] = [
    ['latentWeight 0, MemDAE', { latentWeight: 0 }, ['reconstruction']],
    ['reconstructionWeight 0', { reconstructionWeight: 0 }, ['latent']],
    [
      'rounds 0, without aggregation',
      { rounds: 0, pretrainEpochs: 3 },
      ['reconstruction', 'latent'],
    ],
    ['no pre-training', { pretrainEpochs: 0, rounds: 3 }, ['reconstruction', 'latent']],
    [
      "the paper's loss scale and overlap",
      { lossScale: 'paper', overlap: true },
      ['reconstruction', 'latent'],
    ],
    [
      'absolute error, summed',
      { reconstructionError: 'absolute', reconstructionReduction: 'sum', lossScale: 'paper' },
      ['reconstruction', 'latent'],
    ],
    [
      'the image as target',
      { reconstructionTarget: 'image', augmentation: { shift: 0.1 } },
      ['reconstruction', 'latent'],
    ],
    [
      'own row left out of sets, counted in entropy',
      { includeSelf: false, entropyIncludesSelf: true },
      ['reconstruction', 'latent'],
    ],
    ['relative', { method: 'relative' }, ['reconstruction', 'latent']],
    ['more neighbours than rows', { neighborhoodSize: 50 }, ['reconstruction', 'latent']],
    [
      'one image a step',
      { batchSize: 1, pretrainEpochs: 1, rounds: 1 },
      ['reconstruction', 'latent'],
    ],
  ];

  it.each(forms)('%s trains and scores', async (_, options, terms) => {
    await expectNoLeak(async () => {
      const model = tinyModel(options);
      const { epochs } = await model.fit(train);
      for (const log of epochs) {
        expect(Number.isFinite(log.loss)).toBe(true);
        expect(['reconstruction', 'latent'].filter((term) => term in log)).toEqual(terms);
      }
      const { scores, relative, angular } = await model.score(test);
      expect(new Set(scores).size).toBe(8);
      expect(scores).toEqual(model.settings.method === 'relative' ? relative : angular);
      model.dispose();
    });
  });

  it('the total is Eq. 3, or each term in units of what it starts at', async () => {
    for (const lossScale of ['paper', 'normalized'] as const) {
      const model = tinyModel({ lossScale, latentWeight: 0.25, reconstructionWeight: 2 });
      const [first] = (await model.fit(train)).epochs;
      const pixels = pixelsOf(Array(12).fill(0));
      const mean = pixels.reduce((a, b) => a + b, 0) / pixels.length;
      const variance = pixels.reduce((a, b) => a + (b - mean) ** 2, 0) / pixels.length;
      const [r, l] = lossScale === 'paper' ? [1, 1] : [1 / variance, 1 / Math.log(12)];
      const expected = 2 * r * first.reconstruction! + 0.25 * l * first.latent!;
      expect(Math.abs(first.loss / expected - 1)).toBeLessThan(1e-5);
      model.dispose();
    }
  });

  it('the image as target differs from the view only where the view does', async () => {
    const first = async (options: Partial<SaladOptions>) => {
      const model = tinyModel({ pretrainEpochs: 1, rounds: 0, ...options });
      const [{ reconstruction }] = (await model.fit(train)).epochs;
      model.dispose();
      return reconstruction;
    };
    const augmentation = { shift: 0.3 };
    const [view, image] = ['view', 'image'] as const;
    expect(await first({ reconstructionTarget: image })).toBe(await first({}));
    const augmented = await first({ reconstructionTarget: image, augmentation });
    expect(augmented).not.toBe(await first({ reconstructionTarget: view, augmentation }));
  });

  it('MemDAE still moves and scores with its bank', async () => {
    const model = tinyModel({ latentWeight: 0, rounds: 0, momentum: 1 });
    const trainer = await model.trainer(train);
    const file = memoryFile();
    const bankOf = async () => {
      await model.save(file, { includeTraining: true });
      const { weightData, weightSpecs } = file.artifacts!;
      const bytes = tf.io.concatenateArrayBuffers([weightData ?? []].flat());
      const tensors = tf.io.decodeWeights(bytes, weightSpecs!);
      const rows = (await tensors['training/bank'].array()) as number[][];
      tf.dispose(tensors);
      return rows;
    };
    const start = await bankOf();
    await trainer.step();
    const moved = await bankOf();
    const same = moved.filter((row, i) => row.every((value, j) => value === start[i][j]));
    expect(same.length).toBe(12 - 4);
    await trainer.finish();
    model.dispose();
  });

  it('the bank moves with the embeddings of before the optimiser step', async () => {
    const model = tinyModel({ momentum: 1, batchSize: 12, rounds: 0, learningRate: 0.1 });
    const trainer = await model.trainer(train);
    const batch = await train.read(Array.from({ length: 12 }, (_, i) => i));
    const images = tf.tensor4d(batch.pixels as Float32Array, [12, SIDE, SIDE, 1]);
    // Statistics move with a look in training mode, but nothing that this step's embeddings rest on.
    const before = tf.tidy(() => model.backbone.encode(images, true).embeddings.arraySync());
    await trainer.step();
    const file = memoryFile();
    await model.save(file, { includeTraining: true });
    const { weightData, weightSpecs } = file.artifacts!;
    const bytes = tf.io.concatenateArrayBuffers([weightData ?? []].flat());
    const tensors = tf.io.decodeWeights(bytes, weightSpecs!);
    const bank = (await tensors['training/bank'].array()) as number[][];
    for (const [i, row] of bank.entries())
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(before[i][j], 5);
    const after = tf.tidy(() => model.backbone.encode(images, true).embeddings.arraySync());
    expect(Math.abs(after[0][0] - before[0][0])).toBeGreaterThan(1e-4);
    tf.dispose([images, tensors]);
    await trainer.finish();
    model.dispose();
  });

  it('an encoder without decoder learns by the latent term alone', async () => {
    await expectNoLeak(async () => {
      const model = tinyModel({ backbone: encoderAlone(), latentWeight: 1 });
      const { epochs } = await model.fit(train);
      expect(epochs.every((log) => !('reconstruction' in log) && log.latent! > 0)).toBe(true);
      expect(new Set((await model.score(test)).scores).size).toBe(8);
      const file = memoryFile();
      await model.save(file);
      const loaded = await SaladModel.load(file);
      expect((await loaded.score(test)).scores).toEqual((await model.score(test)).scores);
      loaded.dispose();
      model.dispose();
    });
  });

  it('no epochs at all give the untrained encoder, whose statistics describe the images', async () => {
    const model = tinyModel({ pretrainEpochs: 0, rounds: 0 });
    const { epochs } = await model.fit(normals(24));
    expect(epochs).toEqual([]);
    const { scores } = await model.score(mixed(12, 12, 9));
    expect(areaUnderRoc(scores, mixed(12, 12).labels!)).toBeGreaterThan(0.6);
    const [again, unsettled] = [tinyModel({ pretrainEpochs: 0, rounds: 0 }), tinyBackbone()];
    await again.fit(normals(24));
    expect(await outcome(again, test)).toEqual(await outcome(model, test));
    const variances = await Promise.all(model.backbone.statistics.map((one) => one.array()));
    const initial = await Promise.all(unsettled.statistics.map((one) => one.array()));
    expect(variances).not.toEqual(initial);
    for (const one of [model, again, unsettled]) one.dispose();
  });

  it('convAutoencoder of every default also serves the model', async () => {
    const model = tinyModel({
      backbone: convAutoencoder({ inputShape: [SIDE, SIDE, 1], embeddingSize: 16 }),
      imageNormalization: undefined,
      rounds: 1,
    });
    expect(model.imageNormalization.name).toBe('localContrast');
    await model.fit(normals(6));
    expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
    model.dispose();
  });
});
