import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { efficientNetLite0 } from '../../src/encoders/index.js';
import { lite0Blocks } from '../../src/encoders/lite0-blocks.js';
import { unpackWeights } from '../../src/encoders/unpack-weights.js';
import { none, SaladModel } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { memoryFile, mixed, normals } from '../model/tiny.js';
import { describeOnBackends, expectNoLeak, useBackend } from '../support/backends.js';
import { codeOf } from '../support/code-of.js';
import { furthest, type LiteReference, pattern } from './pattern.js';

const file = (path: string) => readFile(new URL(`../../${path}`, import.meta.url));
const packed = await file('src/encoders/efficientnet-lite0.bin');
const references: Record<string, LiteReference> = JSON.parse(
  String(await file('test/fixtures/encoders/efficientnet-lite0.json')),
);
const blocks = lite0Blocks();

/** The same weights in float32: filter and bias of each convolution. */
function inFloat32(): Uint8Array {
  const parts = unpackWeights('test', packed, blocks).flatMap(({ filter, bias }) => [filter, bias]);
  return Buffer.concat(parts.map((part) => new Uint8Array(part.slice().buffer)));
}

describeOnBackends('efficientNetLite0', (backend) => {
  beforeAll(() => {
    if (backend === 'wasm') enableWasmTraining();
  });

  it.each(Object.entries(references))('maps are those of PyTorch: %s', async (_, reference) => {
    const [, height, width, channels] = reference.shape;
    await expectNoLeak(async () => {
      const encoder = await efficientNetLite0({ inputShape: [height, width, channels] });
      const images = pattern(reference.shape);
      const { embeddings, maps = [] } = tf.tidy(() => {
        const encoded = encoder.encode(images, false);
        return { embeddings: encoded.embeddings, maps: [...(encoded.maps ?? [])] };
      });
      for (const [i, expected] of reference.maps.entries()) {
        expect(maps[i].shape).toEqual(expected.shape);
        const values = await maps[i].data();
        const scale = { step: reference.step, largest: expected.largest };
        expect(furthest(values, expected.restored, scale)).toBeLessThan(1e-5);
        // Rounding to 16 bits.
        expect(furthest(values, expected.original, scale)).toBeLessThan(3e-4);
      }
      const [first] = (await embeddings.array()) as number[][];
      const last = (await maps[1].array()) as number[][][][];
      const means = first.map((_value, channel) =>
        mean(last[0].flat().map((cell) => cell[channel])),
      );
      const length = Math.hypot(...means);
      for (const [channel, value] of first.entries())
        expect(value).toBeCloseTo(means[channel] / length, 5);
      tf.dispose([images, embeddings, maps]);
      encoder.dispose();
    });
  });

  it('does not make an ordinary number of NaN, and of one film alone', async () => {
    const encoder = await efficientNetLite0({ inputShape: [32, 32, 1] });
    const pixels = await pattern([2, 32, 32, 1]).data();
    pixels[32 * 32 + 500] = Number.NaN;
    const images = tf.tensor4d(pixels, [2, 32, 32, 1]);
    const { embeddings, maps = [] } = encoder.encode(images, false);
    for (const tensor of [embeddings, ...maps]) {
      const values = Array.from(await tensor.data());
      const [good, bad] = [values.slice(0, values.length / 2), values.slice(values.length / 2)];
      expect(good.some(Number.isNaN)).toBe(false);
      expect(bad.every(Number.isNaN)).toBe(true);
    }
    encoder.dispose();
  });
});

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('efficientNetLite0', () => {
  beforeAll(() => useBackend('wasm'));

  it('has 692,688 numbers in 33 convolutions, and 11 blocks behind its stem', () => {
    const weights = unpackWeights('test', packed, blocks);
    const numbers = weights.reduce((sum, { filter, bias }) => sum + filter.length + bias.length, 0);
    expect([weights.length, numbers, blocks.length]).toEqual([33, 692_688, 12]);
    expect(packed.length).toBeLessThanOrEqual(1_500_000);
  });

  it('takes weights as bytes, in either form, wherever they lie in their buffer', async () => {
    const shifted = new Uint8Array(packed.length + 1);
    shifted.set(packed, 1);
    const forms = [new Uint8Array(packed).buffer, shifted.subarray(1), inFloat32()];
    const images = pattern([1, 32, 48, 3]);
    const results = [];
    for (const weights of [undefined, ...forms]) {
      const encoder = await efficientNetLite0({ inputShape: [32, 48, 3], weights });
      const { embeddings } = encoder.encode(images, false);
      results.push({ values: await embeddings.array(), fingerprint: encoder.config.fingerprint });
      encoder.dispose();
    }
    for (const { values } of results) expect(values).toEqual(results[0].values);
    expect(new Set(results.slice(0, 3).map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(results[3].fingerprint).not.toBe(results[0].fingerprint);
  });

  it('sees grey as the same value in three colours', async () => {
    const grey = await efficientNetLite0({ inputShape: [48, 48, 1] });
    const colour = await efficientNetLite0({ inputShape: [48, 48, 3] });
    const images = pattern([1, 48, 48, 1]);
    const a = (await grey.encode(images, false).maps?.[1].data()) ?? [];
    const b = (await colour.encode(tf.tile(images, [1, 1, 1, 3]), false).maps?.[1].data()) ?? [];
    expect(a.length).toBe(3 * 3 * 112);
    expect(Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])))).toBeLessThan(1e-4);
    for (const encoder of [grey, colour]) encoder.dispose();
  });

  it.each([
    [{ inputShape: [8, 224, 1] }, 'INVALID_OPTION'],
    [{ inputShape: [224, 224, 2] }, 'INVALID_OPTION'],
    [{ inputShape: [224, 224] }, 'INVALID_OPTION'],
    [{ size: 224 }, 'UNKNOWN_OPTION'],
    [{ weights: 'efficientnet-lite0.bin' }, 'INVALID_OPTION'],
    [{ weights: new Uint8Array(100) }, 'INVALID_OPTION'],
  ])('refuses %j', async (options, code) => {
    await expectNoLeak(async () => {
      expect(await codeOf(efficientNetLite0(options as object))).toBe(code);
    });
  });

  it('says that a page came in place of the weights', async () => {
    const weights = new TextEncoder().encode('<!doctype html>');
    await expect(efficientNetLite0({ weights })).rejects.toThrow(
      /^efficientNetLite0: weights are 15 bytes; expected 1476896 .* or 2770752 in float32/,
    );
  });

  it('makes a model that is saved without its weights, and loaded with the same encoder alone', async () => {
    const encoder = () => efficientNetLite0({ inputShape: [32, 32, 1] });
    const resize = { method: 'bilinear', fit: 'stretch' } as const;
    const options = { imageNormalization: none(), resize, scoreNeighbors: 3 };
    const model = SaladModel.create({ backbone: await encoder(), ...options });
    await model.fit(normals(12), { validation: normals(8, 5) });
    const test = mixed(4, 4, 9);
    const { scores } = await model.score(test);
    const saved = memoryFile();
    await model.save(saved);
    const bytes = (saved.artifacts!.weightData as ArrayBuffer).byteLength;
    // Twelve embeddings, and a tenth of 12 x 2 x 2 cells of 40 + 112 numbers with film and place: no weight.
    expect(bytes).toBe(12 * 112 * 4 + 5 * (152 * 4 + 8));
    const loaded = await SaladModel.load(saved, { backbone: await encoder() });
    expect((await loaded.score(test)).scores).toEqual(scores);
    await expect(SaladModel.load(saved)).rejects.toThrow(
      /give backbone: await efficientNetLite0\(\{ inputShape: \[32,32,1\] \}\) of 'salad-ad\/encoders'/,
    );
    const other = await efficientNetLite0({ inputShape: [32, 32, 1], weights: inFloat32() });
    await expect(SaladModel.load(saved, { backbone: other })).rejects.toThrow(/another encoder/);
    other.dispose();
    for (const one of [model, loaded]) one.dispose();
  });
});
