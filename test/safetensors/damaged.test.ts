import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deepSvdd } from '../../src/baselines/index.js';
import { isSaladError, type SaladModel } from '../../src/index.js';
import { weightsOf } from '../../src/learning/weights.js';
import { numbersOf } from '../../src/safetensors/format/dtypes.js';
import { readSafetensors } from '../../src/safetensors/format/read.js';
import { fromSafetensors, toSafetensors } from '../../src/safetensors/index.js';
import { RandomStream } from '../../src/support/random.js';
import { codeOf, mixed, normals, tinyModel, tinyOptions } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { fileOf, openFile } from './file.js';

const read = (bytes: Uint8Array) => readSafetensors('here', bytes);
const refused = (bytes: Uint8Array) => codeOf(() => read(bytes));

const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
const four = new Uint8Array(4);

describe('readSafetensors', () => {
  it('reads every type', () => {
    const data = new Uint8Array(36);
    const view = new DataView(data.buffer);
    view.setBigInt64(0, -5n, true);
    view.setFloat32(8, 0.1, true);
    view.setInt32(12, -7, true);
    // 1.5, the smallest number above 0, -65504 (the largest), infinity.
    new Uint16Array(data.buffer, 16, 4).set([0x3e00, 0x0001, 0xfbff, 0x7c00]);
    data.set([200, 0, 1], 24);
    const header = {
      __metadata__: { of: 'somebody' },
      whole: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
      float: { dtype: 'F32', shape: [1, 1], data_offsets: [8, 12] },
      int: { dtype: 'I32', shape: [1], data_offsets: [12, 16] },
      half: { dtype: 'F16', shape: [2, 2], data_offsets: [16, 24] },
      byte: { dtype: 'U8', shape: [1], data_offsets: [24, 25] },
      none: { dtype: 'F32', shape: [0, 3], data_offsets: [25, 25] },
      truth: { dtype: 'BOOL', shape: [2], data_offsets: [25, 27] },
    };
    const { tensors, metadata } = read(fileOf(`${JSON.stringify(header)}   `, data.slice(0, 27)));
    const numbers = Object.fromEntries(
      [...tensors].map(([name, tensor]) => [name, Array.from(numbersOf('here', name, tensor))]),
    );
    expect(numbers).toEqual({
      whole: [-5],
      float: [Math.fround(0.1)],
      int: [-7],
      half: [1.5, 2 ** -24, -65504, Number.POSITIVE_INFINITY],
      byte: [200],
      none: [],
      truth: [0, 1],
    });
    expect([...metadata]).toEqual([['of', 'somebody']]);
  });

  const bad: [string, string | object, Uint8Array, string][] = [
    ['text that is no JSON', '{"a":', four, 'MODEL_DAMAGED'],
    ['a list', '[1]', four, 'NOT_A_MODEL'],
    [
      'a name twice',
      `{"a":${JSON.stringify(one)},"a":${JSON.stringify(one)}}`,
      four,
      'MODEL_DAMAGED',
    ],
    [
      'a name twice, once by its code',
      `{"a":${JSON.stringify(one)},"\\u0061":${JSON.stringify(one)}}`,
      four,
      'MODEL_DAMAGED',
    ],
    [
      'an entry with two shapes',
      '{"a":{"dtype":"F32","shape":[9],"shape":[1],"data_offsets":[0,4]}}',
      four,
      'MODEL_DAMAGED',
    ],
    [
      'metadata twice',
      `{"__metadata__":{},"__metadata__":{},"a":${JSON.stringify(one)}}`,
      four,
      'MODEL_DAMAGED',
    ],
    ['metadata that is no text', { __metadata__: { a: 1 } }, new Uint8Array(0), 'MODEL_DAMAGED'],
    ['metadata that is null', { __metadata__: null }, new Uint8Array(0), 'MODEL_DAMAGED'],
    ['an entry that is null', { a: null }, four, 'MODEL_DAMAGED'],
    ['a type of its own', { a: { ...one, dtype: 'BF16' } }, four, 'NOT_A_MODEL'],
    ['the type toString', { a: { ...one, dtype: 'toString' } }, four, 'NOT_A_MODEL'],
    ['a negative size', { a: { ...one, shape: [-1] } }, four, 'MODEL_DAMAGED'],
    ['half a size', { a: { ...one, shape: [0.5, 2] } }, four, 'MODEL_DAMAGED'],
    ['a shape longer than its bytes', { a: { ...one, shape: [2] } }, four, 'MODEL_DAMAGED'],
    ['sizes that overflow', { a: { ...one, shape: [2 ** 32, 2 ** 32, 0] } }, four, 'MODEL_DAMAGED'],
    [
      'more sizes than any number has',
      { a: { ...one, shape: [...new Array(40).fill(2 ** 50), 0] } },
      four,
      'MODEL_DAMAGED',
    ],
    ['an end before its beginning', { a: { ...one, data_offsets: [4, 0] } }, four, 'MODEL_DAMAGED'],
    [
      'an end beyond the file',
      { a: { ...one, shape: [2], data_offsets: [0, 8] } },
      four,
      'TRUNCATED_MODEL',
    ],
    ['an overlap', { a: one, b: one }, four, 'MODEL_DAMAGED'],
    [
      'a gap',
      { a: one, b: { ...one, data_offsets: [8, 12] } },
      new Uint8Array(12),
      'MODEL_DAMAGED',
    ],
    ['bytes behind the last', { a: one }, new Uint8Array(5), 'MODEL_DAMAGED'],
    ['bytes of nothing', {}, four, 'MODEL_DAMAGED'],
  ];
  it.each(bad)('refuses %s', (_, header, data, code) => {
    expect(refused(fileOf(header, data))).toBe(code);
  });

  it('refuses a header that is none, too long or cut short', () => {
    const file = fileOf({ a: one }, four);
    const withLength = (length: bigint) => {
      const changed = file.slice();
      new DataView(changed.buffer).setBigUint64(0, length, true);
      return changed;
    };
    expect(refused(new Uint8Array(0))).toBe('TRUNCATED_MODEL');
    expect(refused(file.subarray(0, 7))).toBe('TRUNCATED_MODEL');
    expect(refused(file.subarray(0, 20))).toBe('TRUNCATED_MODEL');
    expect(refused(file.subarray(0, file.length - 1))).toBe('TRUNCATED_MODEL');
    expect(refused(withLength(0n))).toBe('NOT_A_MODEL');
    expect(refused(withLength(100_000_001n))).toBe('NOT_A_MODEL');
    expect(refused(withLength(2n ** 64n - 1n))).toBe('NOT_A_MODEL');
    expect(refused(withLength(99_000_000n))).toBe('TRUNCATED_MODEL');
    expect(refused(fileOf('\u0000\u0000{}'))).toBe('NOT_A_MODEL');
    const notText = file.slice();
    notText[10] = 0xff;
    expect(refused(notText)).toBe('MODEL_DAMAGED');
  });

  it('refuses numbers that are none', () => {
    const wide = new Uint8Array(new BigInt64Array([2n ** 40n]).buffer);
    expect(codeOf(() => numbersOf('here', 'a', { dtype: 'I64', shape: [1], bytes: wide }))).toBe(
      'MODEL_DAMAGED',
    );
    const two = Uint8Array.of(2);
    expect(codeOf(() => numbersOf('here', 'a', { dtype: 'BOOL', shape: [1], bytes: two }))).toBe(
      'MODEL_DAMAGED',
    );
  });
});

describe('fromSafetensors', () => {
  let file: Uint8Array;
  let weights: unknown;
  const weightsIn = (model: SaladModel) =>
    weightsOf(model.backbone).map((one) => Array.from(one.dataSync()));

  beforeAll(async () => {
    await useBackend('cpu');
    const model = tinyModel({ backbone: tinyOptions, score: 'both' });
    await model.fit(mixed(10, 2), { validation: normals(6, 2, 'other') });
    file = await toSafetensors(model);
    weights = weightsIn(model);
    model.dispose();
  });

  /** The file with another header, and without the checksum that would tell. */
  function changed(change: (opened: ReturnType<typeof openFile>) => void): Uint8Array {
    const opened = openFile(file);
    delete opened.metadata.checksum;
    change(opened);
    return fileOf({ __metadata__: opened.metadata, ...opened.tensors }, opened.data);
  }
  const refusedModel = async (bytes: Uint8Array, message: RegExp) => {
    const error = await expectNoLeak(() => fromSafetensors(bytes).catch((caught) => caught));
    expect(isSaladError(error)).toBe(true);
    expect(error.message).toMatch(/^fromSafetensors: /);
    expect(error.message).toMatch(message);
  };

  it('reads a file without a checksum, and with counts of batches as PyTorch writes them', async () => {
    const bytes = changed(({ tensors, data }) => {
      const shape: number[] = [];
      tensors['encoder.0.0.norm.num_batches_tracked'] = {
        dtype: 'U8',
        shape,
        data_offsets: [data.length, data.length + 1],
      };
    });
    const model = await fromSafetensors(Uint8Array.from([...bytes, 1]));
    expect(weightsIn(model)).toEqual(weights);
    model.dispose();
  });

  it('names what is missing, or one too many', async () => {
    await refusedModel(
      changed(({ metadata }) => delete metadata.formatVersion),
      /lacks formatVersion.*\[NOT_A_MODEL\]/,
    );
    await refusedModel(
      changed(({ metadata }) => (metadata.formatVersion = '99')),
      /\[FORMAT_VERSION\]/,
    );
    await refusedModel(
      changed(({ metadata }) => (metadata.settings = '{')),
      /'settings' of the metadata is no JSON/,
    );
    await refusedModel(
      changed(({ metadata }) => (metadata.backbone = '7')),
      /\[(NOT_A_MODEL|MODEL_DAMAGED)\]/,
    );
    const renamed = (from: string, to: string) =>
      changed(({ tensors }) => {
        tensors[to] = tensors[from];
        delete tensors[from];
      });
    await refusedModel(
      renamed('projection.bias', 'projection.bia'),
      /'projection.bias' is missing/,
    );
    await refusedModel(renamed('bank', 'bbnk'), /'bbnk', which no model/);
    await refusedModel(renamed('discard', 'discards'), /'discard' is missing/);
    await refusedModel(renamed('cells', 'cells.rows'), /'cells.rows', which no model/);
  });

  it('names a tensor of another shape or type', async () => {
    const shaped = (name: string, shape: number[]) =>
      changed(({ tensors }) => {
        tensors[name] = { ...tensors[name], shape };
      });
    const { shape } = openFile(file).tensors['projection.weight'];
    await refusedModel(
      shaped('projection.weight', [shape[1], shape[0]]),
      /'projection.weight' is F32 of shape \[64,8\]; expected floats of shape \[8,64\]/,
    );
    await refusedModel(
      shaped('projection.weight', [2, ...shape.slice(0, 1), shape[1] / 2]),
      /'projection.weight'/,
    );
    await refusedModel(
      shaped('encoder.0.0.conv.weight', [1, 4, 3, 3]),
      /'encoder.0.0.conv.weight' is F32 of shape \[1,4,3,3\]; expected floats of shape \[4,1,3,3\].*\[NOT_A_MODEL\]/,
    );
    await refusedModel(
      changed(({ tensors }) => (tensors.bank = { ...tensors.bank, dtype: 'I32' })),
      /'bank' is I32/,
    );
  });

  it('makes nothing of what a file says that it has not', async () => {
    const start = performance.now();
    for (const change of [
      { convsPerLevel: 1e9 },
      { channels: [1e9] },
      { embeddingSize: 1e12 },
      { channels: [] },
    ])
      await refusedModel(
        changed(({ metadata }) => {
          metadata.backbone = JSON.stringify({ ...JSON.parse(metadata.backbone), ...change });
        }),
        /./,
      );
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('either refuses a file with one bit flipped, or gives the same model', async () => {
    const random = new RandomStream(5, ['bits']);
    let refusals = 0;
    for (let i = 0; i < 300; i++) {
      const bytes = file.slice();
      const at = i < 64 ? i : random.integer(8 * bytes.length);
      bytes[at >> 3] ^= 1 << (at & 7);
      const before = tf.memory().numTensors;
      const result = await fromSafetensors(bytes).catch((error: unknown) => error);
      if (result instanceof Error) {
        expect(isSaladError(result), `bit ${at}: ${result}`).toBe(true);
        refusals++;
      } else {
        expect(weightsIn(result as SaladModel), `bit ${at}`).toEqual(weights);
        (result as SaladModel).dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    }
    expect(refusals).toBeGreaterThan(270);
  });

  it('refuses a file cut short anywhere', async () => {
    for (let length = 0; length < file.length; length += 97)
      expect(await codeOf(fromSafetensors(file.subarray(0, length)))).toBe('TRUNCATED_MODEL');
  });

  it('takes bytes alone, and toSafetensors a SaladModel', async () => {
    expect(await codeOf(fromSafetensors('model.safetensors' as never))).toBe('INVALID_OPTION');
    expect(await codeOf(toSafetensors({} as never))).toBe('INVALID_OPTION');
    const detector = deepSvdd({ inputShape: [8, 8, 1], epochs: 1, pretrainEpochs: 0 } as never);
    await expect(toSafetensors(detector as never)).rejects.toThrow(/^toSafetensors: /);
    detector.dispose();
  });
});
