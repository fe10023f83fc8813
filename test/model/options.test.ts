import { beforeAll, describe, expect, it } from 'vitest';
import {
  arraySource,
  type Backbone,
  defaultSettings,
  muraPreset,
  nihPreset,
  SaladModel,
  type SaladOptions,
} from '../../src/index.js';
import { resolveSettings } from '../../src/model/options.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import {
  codeOf,
  encoderAlone,
  memoryFile,
  mixed,
  normals,
  tinyBackbone,
  tinyModel,
} from './tiny.js';

let backbone: Backbone;
beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  backbone = tinyBackbone();
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
      { keep: 'bestValidation' },
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
    await expect(run).rejects.toThrow(/^SaladModel\.fit: the loss is .*\[TRAINING_DIVERGED\]$/);
    model.dispose();
  });
});
