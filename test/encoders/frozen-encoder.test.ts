import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FrozenEncoderOptions, frozenEncoder } from '../../src/encoders/index.js';
import { type Backbone, none, SaladModel } from '../../src/index.js';
import { memoryFile, mixed, normals, SIDE } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { codeOf } from '../support/code-of.js';

beforeAll(() => useBackend('cpu'));

const inputShape = [SIDE, SIDE, 1] as const;

/** Two maps: means of 2 x 2 pixels, and of 4 x 4 beside the largest of these; times `gain`. */
function pooled(pixels: Tensor4D, gain = 1): Tensor4D[] {
  return tf.tidy(() => {
    const halves = tf.avgPool(tf.mul(pixels, gain) as Tensor4D, 2, 2, 'same');
    const quarters = [tf.avgPool(halves, 2, 2, 'same'), tf.maxPool(halves, 2, 2, 'same')];
    return [halves, tf.concat(quarters, 3)];
  });
}

/** A session of onnxruntime that does the same, of the interface that its versions share. */
class Session implements NonNullable<FrozenEncoderOptions['session']> {
  readonly inputNames = ['pixels'];
  readonly outputNames = ['halves', 'quarters'];
  readonly asked: unknown[] = [];

  constructor(private readonly layout: 'nchw' | 'nhwc' = 'nchw') {}

  async run(feeds: Record<string, OrtTensor>, fetches: string[]) {
    const { pixels } = feeds;
    this.asked.push([pixels.type, pixels.dims, fetches]);
    const input = tf.tensor4d(pixels.data, [...pixels.dims] as [number, number, number, number]);
    const first = this.layout === 'nchw';
    const maps = tf.tidy(() =>
      pooled(first ? tf.transpose(input, [0, 2, 3, 1]) : input).map((map) =>
        first ? tf.transpose(map, [0, 3, 1, 2]) : map,
      ),
    );
    const results = await Promise.all(
      maps.map(
        async (map) => new OrtTensor('float32', (await map.data()) as Float32Array, map.shape),
      ),
    );
    tf.dispose([input, ...maps]);
    return { halves: results[0], quarters: results[1] };
  }
}

class OrtTensor {
  constructor(
    readonly type: 'float32',
    readonly data: Float32Array,
    readonly dims: readonly number[],
  ) {}
}

const Tensor = OrtTensor;
const ways: Record<string, () => FrozenEncoderOptions> = {
  'a function': () => ({ inputShape, encode: (pixels) => pooled(pixels) }),
  'a function that answers later': () => ({
    inputShape,
    async infer(pixels) {
      await tf.nextFrame();
      return pooled(pixels);
    },
  }),
  'a session': () => ({ inputShape, session: new Session(), Tensor }),
  'a session of channels last': () => ({
    inputShape,
    session: new Session('nhwc'),
    Tensor,
    layout: 'nhwc',
  }),
  'a GraphModel': () => ({
    inputShape,
    maps: ['halves', 'quarters'],
    model: {
      execute: (pixels: Tensor4D, names: string[]) =>
        names.map((name) => pooled(pixels)[name === 'halves' ? 0 : 1]),
    },
  }),
};

/** Maps of two films with values other than the pattern's. */
async function mapsOf(backbone: Backbone, images: Tensor4D) {
  const { embeddings, maps = [] } = backbone.infer
    ? await backbone.infer(images)
    : tf.tidy(() => ({ ...backbone.encode(images, false) }) as never as Record<string, never>);
  const found = [embeddings, ...(maps as Tensor4D[])].map((one: tf.Tensor) => one.arraySync());
  tf.dispose([embeddings, maps] as tf.TensorContainer);
  return found;
}

describe.each(Object.entries(ways))('frozenEncoder of %s', (_, options) => {
  it('gives its maps, and their mean as an embedding of unit length', async () => {
    await expectNoLeak(async () => {
      const backbone = await frozenEncoder({ ...options(), mean: 0.5, deviation: [1, 2, 4] });
      expect(backbone.embeddingSize).toBe(6);
      const images = tf.tensor4d(
        Float32Array.from({ length: 2 * SIDE * SIDE }, (_v, i) => ((i * 7) % 13) / 12),
        [2, SIDE, SIDE, 1],
      );
      const expected = tf.tidy(() => {
        const channels = [1, 2, 4].map((divisor) => tf.div(tf.sub(images, 0.5), divisor));
        const maps = pooled(tf.concat(channels, 3) as Tensor4D);
        const means = tf.mean(maps[1], [1, 2]);
        return [tf.div(means, tf.norm(means, 2, 1, true)), ...maps].map((one) => one.arraySync());
      });
      const found = await mapsOf(backbone, images);
      for (const [i, values] of found.entries()) {
        const flat = (list: unknown) => (list as number[][]).flat(3) as number[];
        const [a, b] = [flat(values), flat(expected[i])];
        expect(a.length).toBe(b.length);
        for (const [at, value] of a.entries()) expect(value).toBeCloseTo(b[at], 5);
      }
      images.dispose();
    });
  });

  it('makes a model that is saved and loaded with the same encoder, and no other', async () => {
    await expectNoLeak(async () => {
      const backbone = await frozenEncoder(options());
      const settings = { imageNormalization: none(), scoreNeighbors: 3 };
      const model = SaladModel.create({ backbone, ...settings });
      await model.fit(normals(12), { validation: mixed(8, 3, 5) });
      const test = mixed(4, 4, 9);
      const { scores } = await model.score(test);
      const file = memoryFile();
      await model.save(file);
      const loaded = await SaladModel.load(file, { backbone: await frozenEncoder(options()) });
      expect((await loaded.score(test)).scores).toEqual(scores);
      // Twice the values, which mean embeddings do not show.
      const louder = await frozenEncoder({ inputShape, encode: (pixels) => pooled(pixels, 2) });
      const refused = SaladModel.load(file, { backbone: louder });
      await expect(refused).rejects.toThrow(/its maps of a fixed pattern.*\[INVALID_OPTION\]$/);
      const shifted = await frozenEncoder({ ...options(), mean: 0.1 });
      await expect(SaladModel.load(file, { backbone: shifted })).rejects.toThrow(
        /its mean is \[0\.1,0\.1,0\.1\], not \[0,0,0\]/,
      );
      await expect(SaladModel.load(file)).rejects.toThrow(/frozenEncoder\(\{ \.\.\. \}\)/);
      for (const one of [model, loaded]) one.dispose();
    });
  });

  it('has NaN for a film that has one, and for no other', async () => {
    const clipped = options();
    const backbone = await frozenEncoder(clipped);
    const values = new Float32Array(2 * SIDE * SIDE).fill(0.5);
    values[SIDE * SIDE + 5] = Number.NaN;
    const images = tf.tensor4d(values, [2, SIDE, SIDE, 1]);
    for (const found of await mapsOf(backbone, images)) {
      const [good, bad] = (found as number[][][]).map((one) => [one].flat(4) as number[]);
      expect(good.every(Number.isFinite)).toBe(true);
      expect(bad.every(Number.isNaN)).toBe(true);
    }
    images.dispose();
  });
});

describe('frozenEncoder', () => {
  it('cuts a LayersModel at named layers, as it is in inference', async () => {
    const whole = sequential({
      layers: [
        layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 4, kernelSize: 3, name: 'first' }),
        layers.batchNormalization({ name: 'scaled' }),
        layers.conv2d({ filters: 5, kernelSize: 3, name: 'second', activation: 'relu6' }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ],
    });
    const weights = whole.getWeights();
    const backbone = await frozenEncoder({ inputShape, model: whole, maps: ['scaled', 'second'] });
    const images = tf.randomUniform([2, SIDE, SIDE, 1], 0, 1, 'float32', 4) as Tensor4D;
    const before = tf.memory().numTensors;
    const [, first, second] = await mapsOf(backbone, images);
    expect(tf.memory().numTensors).toBe(before);
    const byLayer = tf.tidy(() => {
      const pixels = tf.tile(images, [1, 1, 1, 3]);
      const scaled = whole.layers[1].apply(whole.layers[0].apply(pixels)) as tf.Tensor;
      return [scaled, whole.layers[2].apply(scaled) as tf.Tensor].map((one) => one.arraySync());
    });
    expect(first).toEqual(byLayer[0]);
    expect(second).toEqual(byLayer[1]);
    // A fit moves no statistics of its normalisations.
    const model = SaladModel.create({ backbone, imageNormalization: none() });
    await model.fit(normals(12));
    for (const [i, weight] of whole.getWeights().entries())
      expect(weight.arraySync()).toEqual(weights[i].arraySync());
    model.dispose();
    // The model of layers is the user's.
    expect(() => whole.predict(tf.zeros([1, SIDE, SIDE, 3]))).not.toThrow();
    whole.dispose();
  });

  it('feeds a session one float32 tensor, and asks for the outputs that are named', async () => {
    const session = new Session();
    await frozenEncoder({ inputShape, session, Tensor, maps: ['quarters'] });
    expect(session.asked).toEqual([['float32', [2, 3, SIDE, SIDE], ['quarters']]]);
  });

  it('says how to export where a session does not run', async () => {
    const session = new Session();
    session.run = () => Promise.reject(new Error('index: 0 Got: 2 Expected: 1'));
    await expect(frozenEncoder({ inputShape, session, Tensor })).rejects.toThrow(
      /^frozenEncoder: the session did not run .*\[2, 3, 8, 8\].*Got: 2 Expected: 1.*free batch size.*\[INVALID_OPTION\]$/,
    );
  });

  it('says that encode cannot wait for an encoder that answers later', async () => {
    const backbone = await frozenEncoder(ways['a session']());
    expect(() => backbone.encode(tf.zeros([1, SIDE, SIDE, 1]), false)).toThrow(
      /answers later; expected infer.*\[INVALID_OPTION\]$/,
    );
  });

  const encode = (pixels: Tensor4D) => pooled(pixels);
  it.each<[string, object, RegExp]>([
    ['nothing to encode with', { inputShape }, /0 of encode, infer, model and session/],
    [
      'two',
      { inputShape, encode, session: new Session() },
      /2 of encode, infer, model and session/,
    ],
    ['no shape', { encode }, /inputShape is undefined/],
    ['two channels for three', { inputShape: [8, 8, 2], encode }, /2 channels .* takes 3/],
    [
      'too few means',
      { inputShape, encode, mean: [1, 2] },
      /mean is \[1,2\]; expected a number, or 3/,
    ],
    ['a deviation of 0', { inputShape, encode, deviation: 0 }, /deviation is 0/],
    [
      'a vector in place of maps',
      { inputShape, encode: () => [tf.zeros([2, 5])] },
      /returns \[2, 5\]/,
    ],
    [
      'one map for two films',
      { inputShape, encode: () => [tf.zeros([1, 2, 2, 5])] },
      /\[1, 2, 2, 5\]/,
    ],
    ['a promise', { inputShape, encode: async () => [] }, /give the function as infer/],
    ['no list', { inputShape, encode: (pixels: Tensor4D) => tf.clone(pixels) }, /expected a list/],
    ['an empty list', { inputShape, encode: () => [] }, /returns nothing/],
    ['a model without names', { inputShape, model: { execute: encode } }, /maps is undefined/],
    ['no model', { inputShape, model: {}, maps: ['a'] }, /model/],
    ['a session without its class', { inputShape, session: new Session() }, /Tensor is null/],
    [
      'an output that is not there',
      { inputShape, session: new Session(), Tensor, maps: ['eighths'] },
      /names 'eighths'; .* of halves, quarters/,
    ],
  ])('refuses %s', async (_, options, message) => {
    await expectNoLeak(async () => {
      const made = frozenEncoder(options as FrozenEncoderOptions);
      await expect(made).rejects.toThrow(message);
      expect(await codeOf(made)).toBe('INVALID_OPTION');
    });
  });

  it('refuses an option that it does not know', async () => {
    const options = { inputShape, encode, sizes: 3 } as never;
    expect(await codeOf(frozenEncoder(options))).toBe('UNKNOWN_OPTION');
  });
});

describe('a session or a function whose answer is odd', () => {
  const session = (answer: Record<string, unknown>) => ({
    inputNames: ['pixels'],
    outputNames: ['a', 'b'],
    run: async () => answer as never,
  });
  const good = new OrtTensor('float32', new Float32Array(8), [1, 2, 2, 2]);
  const flat = new OrtTensor('float32', new Float32Array(10), [2, 5]);

  it.each([
    ['an output of another shape', { a: good, b: flat }, /output 'b' is float32 of shape \[2, 5\]/],
    ['an output that is missing', { a: good }, /output 'b' is missing/],
  ])('%s is named, and nothing stays behind', async (_, answer, message) => {
    await expectNoLeak(async () => {
      const options = { inputShape, session: session(answer), Tensor };
      await expect(frozenEncoder(options)).rejects.toThrow(message);
    });
  });

  it.each<[string, (maps: Tensor4D) => unknown, RegExp]>([
    ['one film of three', (maps) => [tf.slice(maps, 0, 1)], /for 3 films .* \[1, 4, 4, 3\];/],
    ['fewer places', (maps) => [tf.slice(maps, [0, 0, 0, 0], [3, 2, 2, 3])], /\[3, 2, 2, 3\];/],
    [
      'a map more',
      (maps) => [tf.clone(maps), tf.clone(maps)],
      /\[3, 4, 4, 3\] and \[3, 4, 4, 3\];/,
    ],
    ['no maps', () => [], /returns nothing;/],
    ['no list', () => undefined, /returns undefined;/],
  ])(
    '%s is refused once it has shown others, and nothing stays behind',
    async (_, odd, message) => {
      let isOdd = false;
      const answer = (pixels: Tensor4D) =>
        tf.tidy(() => {
          const maps = tf.avgPool(pixels, 2, 2, 'same');
          return (isOdd ? odd(maps) : [maps]) as Tensor4D[];
        });
      const atOnce = await frozenEncoder({ inputShape, encode: answer });
      const later = await frozenEncoder({ inputShape, infer: async (pixels) => answer(pixels) });
      isOdd = true;
      const images = tf.zeros<tf.Rank.R4>([3, ...inputShape]);
      await expectNoLeak(async () => {
        expect(() => tf.tidy(() => atOnce.encode(images, false).embeddings)).toThrow(message);
        const refused = Promise.resolve(later.infer?.(images));
        await expect(refused).rejects.toThrow(message);
        expect(await codeOf(refused)).toBe('SHAPE_MISMATCH');
      });
      images.dispose();
    },
  );

  it('may give back the pixels themselves', async () => {
    const backbone = await frozenEncoder({ inputShape, infer: async (pixels) => [pixels] });
    const images = tf.randomUniform<tf.Rank.R4>([2, ...inputShape], 0, 1, 'float32', 1);
    const encoded = await backbone.infer?.(images);
    expect(encoded?.maps?.[0].shape).toEqual([2, inputShape[0], inputShape[1], 3]);
    tf.dispose([images, encoded?.embeddings, ...(encoded?.maps ?? [])] as tf.Tensor[]);
  });
});
