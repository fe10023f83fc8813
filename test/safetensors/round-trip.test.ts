import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { frozenEncoder } from '../../src/encoders/index.js';
import {
  type BackboneOptions,
  customNormalization,
  localContrast,
  SaladModel,
  type SaladOptions,
} from '../../src/index.js';
import { weightsOf } from '../../src/learning/weights.js';
import { fromSafetensors, toSafetensors } from '../../src/safetensors/index.js';
import { heldModels, trainOn } from '../model/held-models.js';
import {
  codeOf,
  encoderAlone,
  mixed,
  normals,
  SIDE,
  tinyModel,
  tinyOptions,
} from '../model/tiny.js';
import { expectNoLeak } from '../support/backends.js';
import { openFile } from './file.js';

beforeAll(() => trainOn('wasm'));
const hold = heldModels();

const films = mixed(3, 3, 7);
const inputShape = [SIDE, SIDE, 1] as const;
const conv = { kind: 'convAutoencoder', inputShape, channels: [3, 4], embeddingSize: 5 } as const;
const resnet = { kind: 'resnetAutoencoder', inputShape, width: 2, embeddingSize: 5 } as const;

async function fitted(options: Partial<SaladOptions> & { backbone: SaladOptions['backbone'] }) {
  const { backbone, ...rest } = options;
  const model = hold(tinyModel({ rounds: 1, backbone, ...rest }));
  await model.fit(mixed(10, 2), { validation: normals(6, 2, 'other') });
  return model;
}

const weights = ({ backbone }: SaladModel) =>
  weightsOf(backbone).map((variable) => Array.from(variable.dataSync()));

const backbones: [string, BackboneOptions][] = [
  ['one convolution a level', conv],
  ['two of them, bilinear', { ...conv, convsPerLevel: 2, upsampling: 'bilinear' }],
  ['from the map', { ...conv, decodeFrom: 'features' }],
  ['odd sizes', { ...conv, inputShape: [7, 9, 1] }],
  ['ResNet', resnet],
  [
    'ResNet of 100 px, from the map',
    { ...resnet, inputShape: [100, 70, 1], decodeFrom: 'features' },
  ],
  ['ResNet of 100 px', { ...resnet, inputShape: [100, 70, 1] }],
];

describe('a model comes back from safetensors', () => {
  it.each(backbones)('with equal weights and scores: %s', async (_, backbone) => {
    const model = await fitted({
      backbone,
      score: 'both',
      resize: { method: 'area', fit: 'stretch' },
      imageNormalization: localContrast({ radius: 2 }),
    });
    const bytes = await expectNoLeak(() => toSafetensors(model));
    const again = hold(await fromSafetensors(bytes));
    expect(weights(again)).toEqual(weights(model));
    expect(await again.score(films)).toEqual(await model.score(films));
    expect(again.config).toEqual(model.config);
    expect(again.decisionThreshold).toEqual(model.decisionThreshold);
    expect(again.normalScores).toEqual(model.normalScores);
    expect(again.normalScores).toBeDefined();
    expect(again.discard).toEqual(model.discard);
    expect(again.discard).toContain(true);
    expect(again.history).toEqual(JSON.parse(JSON.stringify(model.history)));
  });

  it('where the bytes are a part of a larger buffer', async () => {
    const model = await fitted({ backbone: tinyOptions });
    const bytes = await toSafetensors(model);
    const within = Buffer.concat([Buffer.from('odd'), bytes]).subarray(3);
    const again = hold(await fromSafetensors(within));
    expect(await again.score(films)).toEqual(await model.score(films));
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    hold(await fromSafetensors(shared));
  });

  it('before its first fit too', async () => {
    const model = hold(tinyModel());
    const again = hold(await fromSafetensors(await toSafetensors(model)));
    expect(weights(again)).toEqual(weights(model));
    expect(await codeOf(again.score(films))).toBe('NOT_FITTED');
  });

  it('with names of images only where asked', async () => {
    const model = await fitted({ backbone: tinyOptions });
    expect(openFile(await toSafetensors(model)).metadata.ids).toBeUndefined();
    const { metadata } = openFile(await toSafetensors(model, { includeIds: true }));
    expect(JSON.parse(metadata.ids)).toHaveLength(12);
  });

  it('with a backbone, a frozen encoder or a normalisation that a file does not hold', async () => {
    const doubled = customNormalization({ name: 'doubled', apply: (pixels) => pixels });
    const model = await fitted({ backbone: encoderAlone(), imageNormalization: doubled });
    const bytes = await toSafetensors(model);
    expect(openFile(bytes).tensors['weights.0'].shape).toEqual([SIDE * SIDE, 8]);
    expect(await codeOf(fromSafetensors(bytes))).toBe('INVALID_OPTION');
    const again = hold(
      await fromSafetensors(bytes, { backbone: encoderAlone(), imageNormalization: doubled }),
    );
    expect(await again.score(films)).toEqual(await model.score(films));

    const frozen = () =>
      frozenEncoder({ inputShape, encode: (x: tf.Tensor4D) => [tf.avgPool(x, 2, 2, 'same')] });
    const reader = hold(SaladModel.create({ backbone: await frozen(), score: 'cells' }));
    await reader.fit(normals(12));
    const banks = await toSafetensors(reader);
    const names = ['bank', 'cells', 'cells.films', 'cells.places', 'discard'];
    expect(Object.keys(openFile(banks).tensors).sort()).toEqual(names);
    await expect(fromSafetensors(banks)).rejects.toThrow(/^fromSafetensors: .*frozenEncoder\(/);
    const reread = hold(await fromSafetensors(banks, { backbone: await frozen() }));
    expect(await reread.score(films)).toEqual(await reader.score(films));
  });
});
