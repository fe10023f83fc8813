import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  arraySource,
  type Backbone,
  convAutoencoder,
  defaultSettings,
  layersBackbone,
  muraPreset,
  nihPreset,
  SaladModel,
  type SaladOptions,
} from '../../src/index.js';
import { areaUnderRoc } from '../../src/metrics/roc.js';
import { resolveSettings } from '../../src/model/options.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import {
  codeOf,
  memoryFile,
  mixed,
  normals,
  outcome,
  pixelsOf,
  SIDE,
  tinyBackbone,
  tinyModel,
} from './tiny.js';

let backbone: Backbone;
beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  backbone = tinyBackbone();
});

const encoderAlone = () =>
  layersBackbone({
    encoder: sequential({
      layers: [layers.flatten({ inputShape: [SIDE, SIDE, 1] }), layers.dense({ units: 8 })],
    }),
  });

describe('options', () => {
  it.each([
    ['seed', 0.5],
    ['pretrainEpochs', -1],
    ['rounds', 1.5],
    ['epochsPerRound', 0],
    ['batchSize', 0],
    ['learningRate', 0],
    ['beta1', 1],
    ['beta2', -0.1],
    ['weightDecay', -1],
    ['temperature', 0],
    ['temperature', 1.1],
    ['momentum', 1.1],
    ['latentWeight', -0.1],
    ['reconstructionWeight', Number.NaN],
    ['neighborhoodSize', 0],
    ['scoreNeighbors', 0],
    ['lossScale', 'other'],
    ['reconstructionError', 'mse'],
    ['reconstructionReduction', 'max'],
    ['reconstructionTarget', 'views'],
    ['includeSelf', 1],
    ['overlap', 'no'],
    ['entropyIncludesSelf', null],
    ['method', 'absolute'],
    ['keep', 'best'],
  ])('%s: %s is refused', (name, value) => {
    expect(() => SaladModel.create({ backbone, [name]: value })).toThrow(
      new RegExp(`^SaladModel\\.create: ${name} is .*\\[INVALID_OPTION\\]$`),
    );
  });

  it('an unknown one is refused, with what it may have meant', () => {
    const options = { backbone, latentWieght: 0.1 } as SaladOptions;
    expect(() => SaladModel.create(options)).toThrow(
      /unknown option 'latentWieght'. Did you mean 'latentWeight'\?.*\[UNKNOWN_OPTION\]$/,
    );
    const augmentation = { rotate: 3 } as object;
    expect(() => SaladModel.create({ backbone, augmentation })).toThrow(/\[UNKNOWN_OPTION\]$/);
  });

  it.each([
    [{ resize: { method: 'nearest', fit: 'pad' } }, 'INVALID_OPTION'],
    [{ resize: 'area' }, 'INVALID_OPTION'],
    [{ imageNormalization: 'localContrast' }, 'INVALID_OPTION'],
  ])('%j is refused before it is needed', async (options, code) => {
    const backbone = tinyBackbone();
    expect(await codeOf(() => tinyModel({ backbone, ...options } as object))).toBe(code);
    backbone.dispose();
  });

  it('a missing backbone, and one with nothing to learn, are refused', () => {
    expect(() => SaladModel.create({} as SaladOptions)).toThrow(/backbone .*\[INVALID_OPTION\]$/);
    for (const options of [undefined, null] as never[])
      expect(() => SaladModel.create(options)).toThrow(
        /^SaladModel\.create: options is (undefined|null); expected .*\[INVALID_OPTION\]$/,
      );
    const nothing = { backbone, latentWeight: 0, reconstructionWeight: 0 };
    expect(() => SaladModel.create(nothing)).toThrow(/nothing to learn.*\[INVALID_OPTION\]$/);
    const encoder = encoderAlone();
    expect(() => SaladModel.create({ backbone: encoder, latentWeight: 0 })).toThrow(
      /nothing to learn.*\[INVALID_OPTION\]$/,
    );
    encoder.dispose();
  });

  it('fall back to the defaults, one by one', () => {
    expect(resolveSettings('here', {})).toEqual(defaultSettings);
    const given = { momentum: undefined, augmentation: { rotation: 0 } };
    const settings = resolveSettings('here', given);
    expect(settings.momentum).toBe(0.5);
    expect(settings.augmentation).toEqual({ ...defaultSettings.augmentation, rotation: 0 });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  it("presets hold the paper's values and resolve", () => {
    for (const preset of [nihPreset, muraPreset]) {
      const model = SaladModel.create({ backbone: tinyBackbone(), ...preset });
      expect(model.settings).toMatchObject({
        pretrainEpochs: 50,
        rounds: 10,
        epochsPerRound: 50,
        batchSize: 16,
        learningRate: 1e-4,
        beta1: 0.5,
        beta2: 0.999,
        temperature: 0.1,
        momentum: 0.5,
        latentWeight: 0.25,
        reconstructionError: 'squared',
        lossScale: 'paper',
        overlap: true,
        method: 'relative',
        scoreNeighbors: 100,
        neighborhoodSize: 10,
      });
      // Every setting is pinned but the seed, so that a later default moves no preset.
      const { seed: _, ...settings } = defaultSettings;
      expect(Object.keys(preset).sort()).toEqual(Object.keys(settings).sort());
      expect(preset).toMatchObject({ weightDecay: 0, reconstructionTarget: 'view' });
      model.dispose();
    }
  });
});

describe('fit refuses', () => {
  const images = normals(6);
  const withPatients = (patients: string[]) => ({ ...images, patients });
  const cases: [string, string, () => Parameters<SaladModel['fit']>, Partial<SaladOptions>?][] = [
    ['one image', 'EMPTY_SET', () => [normals(1)]],
    ['no image', 'EMPTY_SET', () => [{ ...images, length: 0, ids: [] }]],
    ['labels of another length', 'LABELS_MISMATCH', () => [{ ...images, labels: [0, 1] }]],
    [
      'validation labels of another length',
      'LABELS_MISMATCH',
      () => [images, { validation: { ...images, labels: [0] } }],
    ],
    [
      'labels other than 0 and 1',
      'LABELS_MISMATCH',
      () => [{ ...images, labels: Array(6).fill(2) }],
    ],
    [
      'validation labels other than 0 and 1',
      'LABELS_MISMATCH',
      () => [images, { validation: { ...mixed(3, 3), labels: [0, 0, 0, 2, 2, 2] } }],
    ],
    [
      'validation images of another size, before it has trained',
      'SHAPE_MISMATCH',
      () => [
        images,
        { validation: arraySource({ pixels: new Uint8Array(256), shape: [16, 8, 1] }) },
      ],
    ],
    ['anomalies only', 'NO_ROWS_KEPT', () => [mixed(0, 4)]],
    [
      'a patient on both sides',
      'PATIENT_OVERLAP',
      () => [withPatients([...'abcdef']), { validation: withPatients([...'uvwxyf']) }],
    ],
    ['an unknown option', 'UNKNOWN_OPTION', () => [images, { epochs: 3 } as object]],
    [
      'images that are all the same grey',
      'INVALID_IMAGES',
      () => [arraySource({ pixels: new Uint8Array(256), shape: [8, 8, 1] })],
    ],
    [
      'images of another size',
      'SHAPE_MISMATCH',
      () => [arraySource({ pixels: new Uint8Array(256), shape: [16, 8, 1] })],
    ],
    [
      'choosing by a validation that cannot tell',
      'INVALID_OPTION',
      () => [images, { validation: normals(4, 2) }],
      { keep: 'best-validation' },
    ],
  ];

  it.each(cases)('%s', async (_, code, args, options) => {
    const model = tinyModel(options);
    await expectNoLeak(async () => expect(await codeOf(model.fit(...args()))).toBe(code));
    expect(model.history).toEqual([]);
    model.dispose();
  });

  it('callbacks and checkpoints in a loop of your own, rather than passing them over', async () => {
    const model = tinyModel();
    for (const options of [{ callbacks: {} }, { checkpoint: memoryFile() }])
      expect(await codeOf(model.trainer(images, options as object))).toBe('UNKNOWN_OPTION');
    expect(await codeOf(model.train(images, { callbacks: {} } as object).next())).toBe(
      'UNKNOWN_OPTION',
    );
    model.dispose();
  });

  it('a patient overlap without telling who', async () => {
    const model = tinyModel();
    const named = withPatients(['Jane', 'b', 'c', 'd', 'e', 'f']);
    const error = await model.fit(named, { validation: named }).catch((caught) => caught);
    expect(error.code).toBe('PATIENT_OVERLAP');
    expect(error.message + JSON.stringify(error.details)).not.toContain('Jane');
    model.dispose();
  });

  it('to go on once the loss is no longer finite, and says so', async () => {
    const model = tinyModel({ learningRate: 1e30 });
    const checkpoint = memoryFile();
    const run = model.fit(normals(12), { checkpoint });
    await expect(run).rejects.toThrow(/^Trainer\.step: the loss is .*\[TRAINING_DIVERGED\]$/);
    model.dispose();
  });
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
