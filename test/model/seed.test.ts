import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Backbone,
  type BackboneOptions,
  backboneFromConfig,
  convAutoencoder,
  layersBackbone,
  resnetAutoencoder,
  SaladModel,
  type SaladOptions,
} from '../../src/index.js';
import { expectNoLeak } from '../support/backends.js';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, tinyOptions as conv, memoryFile, normals, outcome, tinyModel } from './tiny.js';

const hold = heldModels();
beforeAll(() => trainOn('wasm'));

const inputShape = [8, 8, 1] as const;
const resnet: BackboneOptions = {
  kind: 'resnetAutoencoder',
  inputShape,
  width: 1,
  embeddingSize: 4,
};

const ofLayers = (seed: number) =>
  layersBackbone({
    encoder: sequential({
      layers: [
        layers.flatten({ inputShape: [...inputShape] }),
        layers.dense({ units: 8, kernelInitializer: initializers.glorotUniform({ seed }) }),
      ],
    }),
  });

function weightsOf({ trainable }: Backbone): number[][] {
  return trainable.map((variable) => Array.from(variable.dataSync()));
}

const create = (options: SaladOptions) => hold(SaladModel.create(options));
const firstWeights = (options: SaladOptions) => weightsOf(create(options).backbone);

describe("the model's seed gives the first weights", () => {
  it.each<[string, SaladOptions['backbone']]>([
    ['of options, convAutoencoder', conv],
    ['of options, resnetAutoencoder', resnet],
    ['of a function', (seed) => convAutoencoder({ inputShape, channels: [4], seed })],
    ['of a function, layersBackbone', ofLayers],
  ])('%s', (_, backbone) => {
    const first = firstWeights({ backbone, seed: 1 });
    expect(firstWeights({ backbone, seed: 1 })).toEqual(first);
    expect(firstWeights({ backbone, seed: 2 })).not.toEqual(first);
    expect(firstWeights({ backbone })).toEqual(firstWeights({ backbone, seed: 0 }));
  });

  it('the same as of the factory', () => {
    const { kind: _, ...options } = conv as BackboneOptions & { kind: 'convAutoencoder' };
    const made = convAutoencoder({ ...options, seed: 7 });
    expect(firstWeights({ backbone: conv, seed: 7 })).toEqual(weightsOf(made));
    expect(create({ backbone: conv, seed: 7 }).config.backbone).toEqual(made.config);
    made.dispose();
  });

  it('and all else: one seed, one result', async () => {
    const images = normals(8);
    const results = [];
    for (const seed of [5, 5, 6]) {
      const model = hold(tinyModel({ backbone: conv, seed }));
      await model.fit(images);
      results.push(await outcome(model, images));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2].history[0].loss).not.toBe(results[0].history[0].loss);
  });

  it('but a seed among the options wins', () => {
    const own = { ...conv, seed: 3 } as const;
    expect(firstWeights({ backbone: own, seed: 1 })).toEqual(
      firstWeights({ backbone: conv, seed: 3 }),
    );
    expect(create({ backbone: own, seed: 1 }).config).toMatchObject({
      seed: 1,
      backbone: { seed: 3 },
    });
  });
});

describe('a backbone made beforehand', () => {
  const made = (seed?: number) => convAutoencoder({ inputShape, channels: [4], seed });

  it('keeps its own seed, and the config says so', () => {
    const model = create({ backbone: made(3), seed: 1 });
    expect(model.config).toMatchObject({ seed: 1, backbone: { kind: 'convAutoencoder', seed: 3 } });
    const other = create({ backbone: made(3), seed: 2 });
    expect(weightsOf(other.backbone)).toEqual(weightsOf(model.backbone));
  });

  it.each<[string, () => Partial<SaladOptions>, string[]]>([
    ['of another seed', () => ({ backbone: made(3), seed: 1 }), ['BACKBONE_KEEPS_ITS_SEED']],
    ['of no known seed', () => ({ backbone: ofLayers(1), seed: 1 }), ['BACKBONE_KEEPS_ITS_SEED']],
    ['of the same seed', () => ({ backbone: made(1), seed: 1 }), []],
    ['where no seed was asked for', () => ({ backbone: made(3) }), []],
    [
      'of options with a seed of their own',
      () => ({ backbone: { ...conv, seed: 3 }, seed: 1 }),
      [],
    ],
    ['of a function', () => ({ backbone: () => made(3), seed: 1 }), []],
  ])('%s: what fit warns of', async (_, options, expected) => {
    const model = hold(tinyModel({ ...options(), rounds: 0 }));
    const warnings: { code: string; message: string }[] = [];
    const onWarning = (warning: { code: string; message: string }) => warnings.push(warning);
    await model.fit(normals(6), { onWarning });
    await model.fit(normals(6), { onWarning, resume: true });
    expect(warnings.map(({ code }) => code)).toEqual(expected);
    for (const { message } of warnings)
      expect(message).toMatch(/^SaladModel\.create: seed is 1, but the backbone .* keeps /);
  });
});

describe('SaladModel.create', () => {
  it.each<[string, unknown, RegExp, string]>([
    ['a kind', { ...conv, kind: 'conv' }, /: backbone: kind is 'conv'/, 'INVALID_OPTION'],
    [
      'an option',
      { ...conv, embeddingSize: 0 },
      /: backbone: embeddingSize is 0/,
      'INVALID_OPTION',
    ],
    ['a name', { ...conv, embedingSize: 4 }, /: backbone: unknown option/, 'UNKNOWN_OPTION'],
    ['a promise', async () => {}, /: the function that backbone is/, 'INVALID_OPTION'],
    ['a number', 7, /: backbone is 7/, 'INVALID_OPTION'],
  ])('refuses %s that makes no backbone, by its own name', async (_, backbone, message, code) => {
    const made = () => SaladModel.create({ backbone } as SaladOptions);
    expect(made).toThrow(new RegExp(`^SaladModel\\.create${message.source}`));
    expect(await codeOf(made)).toBe(code);
  });

  it('frees a backbone that it made for a model that cannot be', () =>
    expectNoLeak(async () => {
      const wrong = { resize: 'area', seed: 1 } as object;
      for (const backbone of [conv, () => ofLayers(1)])
        expect(await codeOf(() => SaladModel.create({ backbone, ...wrong }))).toBe(
          'INVALID_OPTION',
        );
    }));

  it('makes a model that is saved, loaded and made anew from its config', async () => {
    const images = normals(6);
    const model = hold(tinyModel({ backbone: resnet, seed: 4, rounds: 0 }));
    const first = weightsOf(model.backbone);
    await model.fit(images);
    const file = memoryFile();
    await model.save(file);
    const loaded = hold(await SaladModel.load(file));
    expect(await outcome(loaded, images)).toEqual(await outcome(model, images));
    expect(loaded.config).toEqual(model.config);
    const twin = await backboneFromConfig(loaded.backbone.config);
    expect(weightsOf(twin)).toEqual(first);
    twin.dispose();
  });
});

it('backboneFromConfig knows the kinds of files of version 0.1.0', async () => {
  const made = [
    convAutoencoder({ inputShape }),
    resnetAutoencoder({ inputShape, width: 1 }),
    ofLayers(1),
  ];
  for (const [i, kind] of ['conv', 'resnet', 'layers'].entries()) {
    const twin = await backboneFromConfig({ ...made[i].config, kind });
    expect(twin.config).toEqual(made[i].config);
    for (const one of [twin, made[i]]) one.dispose();
  }
});
