import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arraySource, type ImageSource, layersBackbone, type SaladModel } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { codeOf, mixed, normals, pixelsOf, SIDE, tinyModel } from './tiny.js';

const train = mixed(10, 2);
const test = mixed(3, 3, 7);
let model: SaladModel;

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  model = tinyModel();
  await model.fit(train, { validation: normals(20, 2) });
});
afterAll(() => model.dispose());

describe('refusals leave the model as it was, and no tensor behind', () => {
  const shape = [SIDE, SIDE, 1] as const;
  const nan = pixelsOf([0, 0]);
  nan[SIDE * SIDE + 3] = Number.NaN;
  const wide = pixelsOf([0, 0]).map((value) => value * 255);
  const short: ImageSource = { ...normals(3), read: () => normals(3).read([0]) };
  const cases: [string, string, () => Promise<unknown>][] = [
    ['NaN pixels', 'PIXEL_RANGE', () => model.score(arraySource({ pixels: nan, shape }))],
    [
      'pixels of 0 to 255 as floats',
      'PIXEL_RANGE',
      () => model.score(arraySource({ pixels: wide, shape })),
    ],
    [
      'another size',
      'SHAPE_MISMATCH',
      () => model.score(arraySource({ pixels: nan.slice(64), shape: [4, 16, 1] })),
    ],
    [
      'another channel count',
      'SHAPE_MISMATCH',
      () => model.score(arraySource({ pixels: new Uint8Array(192), shape: [8, 8, 3] })),
    ],
    ['no images', 'EMPTY_SET', () => model.score({ ...normals(1), length: 0, ids: [] })],
    [
      'ids that are not one per image',
      'INVALID_IMAGES',
      () => model.score({ ...normals(3), ids: ['a'] }),
    ],
    [
      'labels that are not one per image, to extend by',
      'LABELS_MISMATCH',
      () => model.extend({ ...normals(3), labels: [0] }),
    ],
    [
      'labels that are no 0 or 1, to refresh with',
      'LABELS_MISMATCH',
      () => model.refreshBank({ ...normals(3), labels: [0, Number.NaN, 0] }),
    ],
    ['anomalies alone to refresh with', 'NO_ROWS_KEPT', () => model.refreshBank(mixed(0, 3))],
    ...[0, -1, 1.5].map((count): [string, string, () => Promise<unknown>] => [
      `the ${count} nearest`,
      'INVALID_OPTION',
      () => model.nearest(test, { count }),
    ]),
    ['nothing', 'INVALID_IMAGES', () => model.score(undefined as never)],
    ['an array', 'INVALID_IMAGES', () => model.score([[1]] as never)],
    ['a source that returns fewer', 'SHAPE_MISMATCH', () => model.score(short)],
    ...[undefined, { pixels: pixelsOf([0, 0, 0]) }, { shape }].map(
      (batch): [string, string, () => Promise<unknown>] => [
        `a source that reads ${JSON.stringify(batch && Object.keys(batch))}`,
        'INVALID_IMAGES',
        () => model.score({ ...normals(3), read: async () => batch as never }),
      ],
    ),
    ['too few own rows', 'SHAPE_MISMATCH', () => model.score(test, { ownRows: [0] })],
    ['too many own rows', 'SHAPE_MISMATCH', () => model.score(test, { ownRows: Array(7).fill(0) })],
    [
      'an own row that is none',
      'INDEX_OUT_OF_RANGE',
      () => model.score(test, { ownRows: Array(6).fill(12) }),
    ],
    ['an unknown option', 'UNKNOWN_OPTION', () => model.score(test, { ownRow: [] } as object)],
    [
      'an empty set to embed',
      'EMPTY_SET',
      () => model.embed({ ...normals(1), length: 0, ids: [] }),
    ],
    [
      'NaN pixels to reconstruct',
      'PIXEL_RANGE',
      () => model.reconstruct(arraySource({ pixels: nan, shape })),
    ],
    [
      'NaN pixels to extend by',
      'PIXEL_RANGE',
      () => model.extend(arraySource({ pixels: nan, shape })),
    ],
    [
      'NaN pixels to refresh with',
      'PIXEL_RANGE',
      () => model.refreshBank(arraySource({ pixels: nan, shape })),
    ],
    [
      'a boolean tensor',
      'INVALID_IMAGES',
      async () => {
        const images = tf.zeros<tf.Rank.R4>([1, SIDE, SIDE, 1], 'bool');
        try {
          await model.score(images);
        } finally {
          images.dispose();
        }
      },
    ],
  ];

  it.each(cases)('%s', async (_, code, work) => {
    await expectNoLeak(async () => expect(await codeOf(work)).toBe(code));
    expect(model.bank.size).toBe(12);
  });

  it('a late failure of many images leaves nothing behind either', async () => {
    const many = normals(130, 5);
    const failing: ImageSource = {
      ...many,
      read: (indices) =>
        indices[0] >= 64 ? Promise.reject(new Error('gone')) : many.read(indices),
    };
    for (const name of ['score', 'embed', 'reconstruct', 'reconstructionErrors', 'extend'] as const)
      await expectNoLeak(() => expect(model[name](failing)).rejects.toThrow('gone'));
  });

  it('a zero or non-finite embedding names its image', async () => {
    for (const value of [0, Number.NaN]) {
      const own = tinyModel();
      await own.fit(normals(6));
      for (const variable of own.backbone.trainable)
        variable.assign(tf.fill(variable.shape, value));
      const found = expect(own.score(normals(3, 2, 'film'))).rejects;
      await found.toThrow(
        /^SaladModel\.score: the embedding of image 'film-0' .*\[INVALID_EMBEDDING\]$/,
      );
      own.dispose();
    }
  });

  it('before fit, without a decoder, and after dispose', async () => {
    const unlabelled = normals(3);
    const encoder = sequential({
      layers: [layers.flatten({ inputShape: [...shape] }), layers.dense({ units: 4 })],
    });
    const own = tinyModel({ backbone: layersBackbone({ encoder }) });
    for (const name of ['score', 'nearest', 'calibrate', 'extend'] as const)
      expect(await codeOf(own[name](unlabelled)), name).toBe('NOT_FITTED');
    expect(() => own.bank).toThrow(/\[NOT_FITTED\]$/);
    expect(await codeOf(own.reconstruct(test))).toBe('NO_DECODER');
    expect(await codeOf(own.reconstructionErrors(test))).toBe('NO_DECODER');
    own.dispose();
    const works = [
      'score',
      'nearest',
      'calibrate',
      'extend',
      'embed',
      'reconstruct',
      'reconstructionErrors',
    ] as const;
    for (const name of works) expect(await codeOf(own[name](unlabelled)), name).toBe('DISPOSED');
    expect(await codeOf(own.fit(test))).toBe('DISPOSED');
    expect(await codeOf(own.refreshBank(test))).toBe('DISPOSED');
    expect(await codeOf(own.save({ save: async () => ({}) as never }))).toBe('DISPOSED');
  });
});
