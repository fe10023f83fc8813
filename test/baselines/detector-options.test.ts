import { beforeAll, describe, expect, it } from 'vitest';
import {
  adversarialOneClass,
  type Detector,
  deepSad,
  deepSvdd,
  denoisingAutoencoder,
  detectorFromConfig,
  geometricTransformations,
  isolationForest,
  loadDetector,
  localOutlierFactor,
  logisticRegression,
  meanIntensity,
  memDae,
  oneClassSvm,
  pixelBank,
  resnetClassifier,
  texture,
} from '../../src/baselines/index.js';
import { customNormalization, none, SaladModel } from '../../src/index.js';
import { codeOf, memoryFile, mixed, tinyModel, tinyOptions } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';

const inputShape = [8, 8, 1] as const;
const tinySettings = {
  imageNormalization: none(),
  pretrainEpochs: 1,
  rounds: 0,
  scoreNeighbors: 3,
};

// biome-ignore lint/suspicious/noExplicitAny: options that no type allows
type Make = (options: any) => Detector;
const factories: [name: string, make: Make, wrong: Record<string, unknown>][] = [
  ['adversarialOneClass', adversarialOneClass, { adversary: 'least-squares' }],
  ['adversarialOneClass', adversarialOneClass, { penaltyWeight: -1 }],
  ['deepSad', deepSad, { anomalyWeight: 0 }],
  ['deepSvdd', deepSvdd, { nu: 0 }],
  ['deepSvdd', deepSvdd, { objective: 'soft' }],
  ['denoisingAutoencoder', denoisingAutoencoder, { noise: -0.1 }],
  ['denoisingAutoencoder', denoisingAutoencoder, { channels: [] }],
  ['geometricTransformations', geometricTransformations, { translation: 0.6 }],
  [
    'geometricTransformations',
    geometricTransformations,
    { flips: false, rotations: false, translation: 0 },
  ],
  ['isolationForest', isolationForest, { trees: 0 }],
  ['localOutlierFactor', localOutlierFactor, { neighbors: 1.5 }],
  ['logisticRegression', logisticRegression, { l2: 0 }],
  ['meanIntensity', meanIntensity, { seed: 0.5 }],
  ['oneClassSvm', oneClassSvm, { gamma: 'auto' }],
  ['oneClassSvm', oneClassSvm, { features: {} }],
  ['pixelBank', pixelBank, { method: 'cosine' }],
  ['resnetClassifier', resnetClassifier, { balanced: 1 }],
  ['resnetClassifier', resnetClassifier, { epochs: -1 }],
  ['texture', texture, { measure: 'sharpness' }],
];

describe('options', () => {
  beforeAll(() => useBackend('cpu'));

  it.each(factories)('%s refuses %o', async (name, make, wrong) => {
    expect(await codeOf(() => make({ inputShape, ...wrong }))).toBe('INVALID_OPTION');
    expect(await codeOf(() => make({ inputShape, learningRates: 1 }))).toBe('UNKNOWN_OPTION');
    expect(await codeOf(() => make({ inputShape: [8, 8] }))).toBe('INVALID_OPTION');
    const error = () => make({ inputShape, imageNormalization: 'none' });
    expect(error).toThrow(/imageNormalization/);
    expect(name).toBe(make.name);
    for (const none of [{}, undefined])
      expect(() => make(none)).toThrow(
        new RegExp(`^${name}: (inputShape|options) is undefined.*\\[INVALID_OPTION\\]$`),
      );
  });

  it('of fit and score are known by name', async () => {
    const detector = meanIntensity({ inputShape });
    const wrong = { validations: 1 } as object;
    expect(await codeOf(detector.fit(mixed(2, 0), wrong))).toBe('UNKNOWN_OPTION');
    await detector.fit(mixed(2, 0));
    expect(await codeOf(detector.score(mixed(2, 0), wrong))).toBe('UNKNOWN_OPTION');
  });

  it('of a config name a kind that there is', async () => {
    for (const kind of ['toString', 'deep-svd'])
      expect(await codeOf(detectorFromConfig({ kind, inputShape }))).toBe('INVALID_OPTION');
  });

  it('bring images to their size where there is a resize policy', async () => {
    const detector = meanIntensity({ inputShape: [4, 4, 1] });
    const resize = { method: 'area', fit: 'stretch' } as const;
    const resizing = meanIntensity({ inputShape: [4, 4, 1], resize });
    const same = meanIntensity({ inputShape });
    for (const one of [detector, resizing, same]) await one.fit(mixed(2, 2));
    expect(await codeOf(detector.score(mixed(2, 2)))).toBe('SHAPE_MISMATCH');
    const [small, large] = [await resizing.score(mixed(2, 2)), await same.score(mixed(2, 2))];
    small.scores.forEach((score, i) => {
      expect(score).toBeCloseTo(large.scores[i], 5);
    });
  });
});

describe('loadDetector', () => {
  beforeAll(() => useBackend('cpu'));

  async function savedBank(options: object = {}) {
    const detector = pixelBank({ inputShape, imageNormalization: none(), ...options });
    await detector.fit(mixed(6, 0));
    const file = memoryFile();
    await detector.save(file);
    return { detector, file };
  }

  it('loads a SaladModel too', async () => {
    const model = tinyModel();
    await model.fit(mixed(6, 0));
    const file = memoryFile();
    await model.save(file);
    const loaded = await loadDetector(file);
    expect(loaded).toBeInstanceOf(SaladModel);
    expect(await codeOf(SaladModel.load((await savedBank()).file))).toBe('NOT_A_MODEL');
    for (const one of [model, loaded]) one.dispose();
  });

  it('loads what version 0.1.0 saved, with the names of then', async () => {
    const features = (seed: number) =>
      memDae({ ...tinySettings, backbone: tinyOptions, keep: 'bestValidation', seed });
    const detector = isolationForest({ inputShape, features, seed: 2, trees: 5 });
    await detector.fit(mixed(8, 0), { validation: mixed(3, 3, 3) });
    const file = memoryFile();
    await detector.save(file);
    const text = JSON.stringify(file.artifacts?.userDefinedMetadata)
      .replaceAll('"bestValidation"', '"best-validation"')
      .replaceAll('"convAutoencoder"', '"conv"')
      .replaceAll(/,"checksum":"\w+"/g, '');
    expect(text.match(/"best-validation"|"conv"/g)?.length).toBe(4);
    const then = memoryFile({ ...file.artifacts, userDefinedMetadata: JSON.parse(text) });
    const loaded = await loadDetector(then);
    expect(loaded.config).toEqual(detector.config);
    expect(await loaded.score(mixed(3, 1))).toEqual(await detector.score(mixed(3, 1)));
    for (const one of [detector, loaded]) one.dispose();
  });

  it('needs a custom normalisation back', async () => {
    const imageNormalization = customNormalization({
      name: 'half',
      apply: (v) => v.map((x) => x / 2),
    });
    const { file, detector } = await savedBank({ imageNormalization });
    expect(await codeOf(loadDetector(file))).toBe('INVALID_OPTION');
    const loaded = await loadDetector(file, { imageNormalization });
    expect(await loaded.score(mixed(3, 1))).toEqual(await detector.score(mixed(3, 1)));
  });

  it.each([
    ['nothing of ours', 'NOT_A_MODEL', () => ({ modelTopology: {} })],
    [
      'no bank, though a checksum covers it',
      'MODEL_DAMAGED',
      (saved: object) => ({ ...saved, weightSpecs: [], weightData: [] }),
    ],
    [
      'no bank and no checksum',
      'NOT_A_MODEL',
      ({
        userDefinedMetadata,
        ...saved
      }: {
        userDefinedMetadata?: { saladAdDetector?: object };
      }) => ({
        ...saved,
        weightSpecs: [],
        weightData: [],
        userDefinedMetadata: { saladAdDetector: userDefinedMetadata?.saladAdDetector },
      }),
    ],
    [
      'half the bytes',
      'TRUNCATED_MODEL',
      (saved: { weightData?: unknown }) => ({
        ...saved,
        weightData: (saved.weightData as ArrayBuffer).slice(0, 8),
      }),
    ],
    [
      'a version to come',
      'FORMAT_VERSION',
      (saved: { userDefinedMetadata?: { saladAdDetector?: object } }) => ({
        ...saved,
        userDefinedMetadata: {
          saladAdDetector: { ...saved.userDefinedMetadata?.saladAdDetector, formatVersion: 99 },
        },
      }),
    ],
  ])('refuses %s: %s', async (_, code, change) => {
    const { file } = await savedBank();
    const artifacts = (await file.load?.()) ?? {};
    expect(await codeOf(loadDetector(memoryFile(change(artifacts as never) as never)))).toBe(code);
  });
});

describe('a config of a SaladModel whose backbone has a seed of its own', () => {
  it('makes the same model again, without a warning', async () => {
    await useBackend('cpu');
    const backbone = {
      kind: 'convAutoencoder',
      inputShape: [8, 8, 1],
      channels: [2],
      seed: 3,
    } as const;
    const model = memDae({ backbone, seed: 7, pretrainEpochs: 1, rounds: 0 });
    const again = await detectorFromConfig(JSON.parse(JSON.stringify(model.config)));
    const codes: string[] = [];
    await again.fit(mixed(6, 0), { onWarning: ({ code }) => codes.push(code) });
    expect(again.config).toEqual(model.config);
    expect(codes).toEqual([]);
    for (const one of [model, again]) one.dispose();
  });
});
