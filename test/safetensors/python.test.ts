import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { arraySource, readNpz } from '../../src/data/index.js';
import { frozenEncoder } from '../../src/encoders/index.js';
import type { BackboneOptions, ImageShape, SaladModel, SaladOptions } from '../../src/index.js';
import { localContrast, none } from '../../src/index.js';
import { weightsOf } from '../../src/learning/weights.js';
import { fromSafetensors, toSafetensors } from '../../src/safetensors/index.js';
import { RandomStream } from '../../src/support/random.js';
import { heldModels, trainOn } from '../model/held-models.js';
import { tinyModel } from '../model/tiny.js';
import { folderFor, missingIn, root, runPython, writeNpy } from './python.js';

// Held to other people's programs: the package safetensors, PyTorch, onnxruntime.

const noSafetensors = missingIn('numpy', 'safetensors');
const noTorch = missingIn('torch', 'numpy', 'safetensors');
const noExport = missingIn('torch', 'numpy', 'onnx', 'onnxscript');
const runtime = onnxRuntime();

beforeAll(() => trainOn('wasm'));
const hold = heldModels();

const npz = async (path: string) => readNpz(new Uint8Array(await readFile(path)));

function pixelsOf(count: number, shape: ImageShape, seed: number): Float32Array {
  const random = new RandomStream(seed, ['films']);
  const size = tf.util.sizeFromShape([count, ...shape]);
  // Waves under noise, so that neighbours are alike.
  return Float32Array.from(
    { length: size },
    (_, i) => 0.5 + 0.3 * Math.sin(i / (3 + (i % 5))) + 0.2 * (random.uniform() - 0.5),
  );
}

function films(count: number, shape: ImageShape, seed: number) {
  const labels = Array.from({ length: count }, (_, i) => (seed === 1 && i < 2 ? 1 : 0));
  return arraySource({ pixels: pixelsOf(count, shape, seed), shape, labels });
}

async function fitted(backbone: BackboneOptions, options: Partial<SaladOptions> = {}) {
  const model = hold(tinyModel({ backbone, rounds: 1, learningRate: 0.02, ...options }));
  await model.fit(films(12, backbone.inputShape, 1));
  return model;
}

const conv = {
  kind: 'convAutoencoder',
  inputShape: [8, 8, 1],
  channels: [3, 4],
  embeddingSize: 5,
} as const;

describe.skipIf(noSafetensors)(`the package safetensors${noSafetensors}`, () => {
  let model: SaladModel;
  let folder = '';
  const judged = films(5, conv.inputShape, 2);

  it('reads what is written, and writes what is read', async () => {
    model = await fitted(conv, { score: 'both' });
    folder = await folderFor('test-safetensors');
    const path = join(folder, 'model.safetensors');
    await writeFile(path, await toSafetensors(model));
    await runPython('test/safetensors/rewrite.py', [path, folder]);
    const all = await npz(join(folder, 'all.npz'));

    // The filter of the second level, the projection, the bank, the mask: place by place.
    const [, , , filter] = weightsOf(model.backbone);
    const [height, width, inputs, outputs] = filter.shape;
    const stored = all['encoder.1.0.conv.weight'];
    expect(stored.shape).toEqual([outputs, inputs, height, width]);
    const values = filter.dataSync();
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            expect(stored.data[((o * inputs + i) * height + y) * width + x]).toBe(
              values[((y * width + x) * inputs + i) * outputs + o],
            );
    expect(Array.from(all.bank.data, Number)).toEqual(Array.from(model.bank.rows.dataSync()));
    expect(all.bank.shape).toEqual(model.bank.rows.shape);
    expect(Array.from(all.discard.data, Boolean)).toEqual(model.discard);
    expect(all['cells.films'].dtype).toBe('i4');
    const count = Object.values(all).reduce((sum, { data }) => sum + data.length, 0);
    const cells = all.cells.data.length + 2 * all.cells.shape[0];
    const own = weightsOf(model.backbone).reduce((sum, { size }) => sum + size, 0);
    expect(count).toBe(own + all.bank.data.length + 12 + cells);

    const again = hold(await fromSafetensors(await readFile(join(folder, 'again.safetensors'))));
    expect(await again.score(judged)).toEqual(await model.score(judged));
    expect(again.config).toEqual(model.config);

    // Half floats as NumPy rounds them, wide whole numbers, a mask of bytes.
    const other = hold(await fromSafetensors(await readFile(join(folder, 'other.safetensors'))));
    const half = await npz(join(folder, 'other.npz'));
    const bytes = await toSafetensors(other);
    await writeFile(path, bytes);
    await runPython('test/safetensors/rewrite.py', [path, folder]);
    const back = await npz(join(folder, 'all.npz'));
    for (const [name, { data, shape }] of Object.entries(half)) {
      expect(back[name].shape).toEqual(shape);
      expect(Array.from(back[name].data, Number), name).toEqual(Array.from(data, Number));
    }
    expect(other.discard).toEqual(model.discard);
  });
});

describe.skipIf(noTorch)(`examples/python/load_encoder.py${noTorch}`, () => {
  const resnet = { kind: 'resnetAutoencoder', width: 4, embeddingSize: 16 } as const;
  const encoders: [string, BackboneOptions, Partial<SaladOptions>][] = [
    ['even sizes', { ...conv, inputShape: [32, 32, 1], embeddingSize: 20 }, {}],
    ['odd sizes, three channels', { ...conv, inputShape: [13, 22, 3], channels: [3, 4, 6] }, {}],
    [
      'two convolutions a level, from the map',
      { ...conv, convsPerLevel: 2, activationSlope: 0.3, decodeFrom: 'features' },
      {},
    ],
    ['images as they are', conv, { imageNormalization: none() }],
    ['a radius of its own', conv, { imageNormalization: localContrast({ radius: 2 }) }],
    ['ResNet, even sizes', { ...resnet, inputShape: [64, 64, 1] }, {}],
    ['ResNet, odd sizes', { ...resnet, inputShape: [45, 33, 1] }, {}],
  ];
  it('is in short what docs/safetensors.md shows, which runs', async () => {
    const model = await fitted(conv);
    await model.calibrate(films(8, conv.inputShape, 3));
    const folder = await folderFor('test-safetensors-page');
    await writeFile(join(folder, 'model.safetensors'), await toSafetensors(model));
    const page = await readFile(join(root, 'docs/safetensors.md'), 'utf8');
    const code = [...page.matchAll(/^```python\n(.*?)^```$/gms)].map(([, block]) => block).join('');
    expect(code).toContain('save_file(');
    await writeFile(
      join(folder, 'page.py'),
      `${code}\nassert normal_films.shape[0] == 10\nassert threshold == ${model.threshold}\n`,
    );
    await runPython('page.py', [], folder);
    const changed = hold(
      await fromSafetensors(await readFile(join(folder, 'changed.safetensors'))),
    );
    const [before, after] = [model, changed].map(({ backbone }) =>
      weightsOf(backbone)[0].dataSync(),
    );
    expectClose(
      after,
      before.map((value) => 1.01 * value),
      1e-6,
    );
  });

  it.each(encoders)('has equal embeddings and scores: %s', async (name, backbone, options) => {
    const imageNormalization = localContrast();
    const model = await fitted(backbone, { imageNormalization, ...options });
    const { inputShape } = backbone;
    const folder = await folderFor(`test-load-encoder-${name.replace(/\W+/g, '-')}`);
    const [path, result] = [join(folder, 'model.safetensors'), join(folder, 'result.npz')];
    await writeFile(path, await toSafetensors(model));
    const given = await writeNpy(folder, 'films.npy', pixelsOf(4, inputShape, 2), [
      4,
      ...inputShape,
    ]);
    await runPython('examples/python/load_encoder.py', [path, given, result]);
    const { embeddings, angular } = await npz(result);

    const ours = await model.embed(films(4, inputShape, 2));
    expect(embeddings.shape).toEqual(ours.shape);
    expectClose(embeddings.data, ours.dataSync(), 1e-5);
    ours.dispose();
    const { angular: scores } = await model.score(films(4, inputShape, 2));
    expectClose(angular.data, scores, 1e-5);
    expect(new Set(scores).size).toBe(4);
  });
});

describe.skipIf(noTorch)(`the decoder${noTorch}`, () => {
  it.each([
    ['even sizes', [16, 24, 1] as const],
    ['odd sizes', [13, 22, 3] as const],
  ])('decodes as PyTorch does by what docs/safetensors.md says: %s', async (name, inputShape) => {
    const model = await fitted({ ...conv, inputShape, channels: [3, 4, 6] });
    const folder = await folderFor(`test-decoder-${name.replace(/\W+/g, '-')}`);
    const [path, result] = [join(folder, 'model.safetensors'), join(folder, 'result.npz')];
    await writeFile(path, await toSafetensors(model));
    const embeddings = await model.embed(films(3, inputShape, 2));
    const values = embeddings.dataSync<'float32'>().slice();
    const given = await writeNpy(folder, 'embeddings.npy', values, embeddings.shape);
    await runPython('test/safetensors/decode.py', [path, given, result]);
    const { images } = await npz(result);
    const ours = tf.tidy(() => model.backbone.decode!({ embeddings }, false));
    expect(images.shape).toEqual(ours.shape);
    expectClose(images.data, ours.dataSync(), 1e-5);
    tf.dispose([embeddings, ours]);
  });
});

describe.skipIf(noExport || !runtime)(
  `examples/python/bring_encoder.py${noExport}${runtime ? '' : ' (skipped: no onnxruntime-node)'}`,
  () => {
    it('has equal maps as a frozen backbone', async () => {
      const folder = await folderFor('test-bring-encoder');
      const [onnx, maps] = [join(folder, 'encoder.onnx'), join(folder, 'maps.npz')];
      const shape = [3, 64, 64, 3] as const;
      const pixels = tf.tensor4d(pixelsOf(3, [64, 64, 3], 4), [...shape]);
      const first = tf.transpose(pixels, [0, 3, 1, 2]);
      const values = (await first.data()) as Float32Array;
      const given = await writeNpy(folder, 'films.npy', values, first.shape);
      await runPython('examples/python/bring_encoder.py', [onnx, '--check', given, maps]);
      const expected = await npz(maps);

      const session = await runtime!.InferenceSession.create(onnx);
      const inputShape = [64, 64, 3] as const;
      const backbone = await frozenEncoder({ inputShape, session, Tensor: runtime!.Tensor });
      const found = await backbone.infer!(pixels);
      expect(found.maps!.map((map) => map.shape)).toEqual([
        [3, 16, 16, 32],
        [3, 8, 8, 64],
      ]);
      found.maps!.forEach((map, i) => {
        const torch = tf.transpose(map, [0, 3, 1, 2]);
        const { data } = expected[['level2', 'level3'][i]];
        expectClose(data, torch.dataSync(), 1e-5 * Math.max(...Array.from(data, Number)));
        torch.dispose();
      });
      tf.dispose([pixels, first, found.embeddings, ...found.maps!]);
      await session.release();

      const tsx = createRequire(import.meta.url).resolve('tsx/cli');
      const flags = ['examples/06-torch-encoder.ts', '--encoder', onnx, '--films', '20'];
      const { stdout } = await promisify(execFile)(process.execPath, [tsx, ...flags], {
        cwd: root,
      });
      expect(stdout).toMatch(/maps of 16 x 16 and 8 x 8 places/);
      expect(stdout).toMatch(/validation films: 0\.[5-9]\d\d/);
    });
  },
);

function expectClose(found: ArrayLike<number | bigint>, expected: ArrayLike<number>, most: number) {
  expect(found.length).toBe(expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++)
    largest = Math.max(largest, Math.abs(Number(found[i]) - expected[i]));
  expect(largest).toBeLessThanOrEqual(most);
}

/** What is used of onnxruntime-node, which is no dependency; undefined where it is not installed. */
function onnxRuntime() {
  try {
    return createRequire(import.meta.url)('onnxruntime-node') as {
      readonly Tensor: new (
        type: 'float32',
        data: Float32Array,
        shape: readonly number[],
      ) => object;
      readonly InferenceSession: {
        create(path: string): Promise<{
          readonly inputNames: readonly string[];
          readonly outputNames: readonly string[];
          run(feeds: object, fetches: object): Promise<object>;
          release(): Promise<void>;
        }>;
      };
    };
  } catch {
    return undefined;
  }
}
