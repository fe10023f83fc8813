import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectorFromConfig, loadDetector } from '../../src/baselines/index.js';
import { layersBackbone, localContrast, SaladModel } from '../../src/index.js';
import type { ModelDescription } from '../../src/model/model-file.js';
import { fileSystem } from '../../src/node/index.js';
import { RandomStream } from '../../src/support/random.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { codeOf, copyOf, memoryFile, mixed, normals, tinyModel } from './tiny.js';

// What has been damaged on its way is refused, in little time, before anything of size is made, and leaves no tensor.

let saved: tf.io.ModelArtifacts;
const test = mixed(3, 3, 7);

beforeAll(async () => {
  await useBackend('cpu');
  const model = tinyModel({
    imageNormalization: localContrast({ radius: 2 }),
    resize: { method: 'area', fit: 'pad' },
  });
  await model.fit(mixed(10, 2), { validation: normals(6, 2, 'other') });
  const file = memoryFile();
  await model.save(file, { includeTraining: true, includeIds: true });
  // As a file has it: undefined is left out.
  saved = { ...copyOf(file.artifacts!) };
  model.dispose();
});
afterAll(() => tf.disposeVariables());

const load = (artifacts: tf.io.ModelArtifacts) => SaladModel.load({ load: async () => artifacts });
const refused = (artifacts: tf.io.ModelArtifacts, code = 'MODEL_DAMAGED') =>
  expectNoLeak(async () => expect(await codeOf(load(artifacts))).toBe(code));

const descriptionOf = (a: tf.io.ModelArtifacts) =>
  (a.userDefinedMetadata as { saladAd: ModelDescription }).saladAd;

/** As a file of version 0.1 is: without a checksum, so that only what is checked by type and range is found. */
function old(change: object, from = saved): tf.io.ModelArtifacts {
  return { ...from, userDefinedMetadata: { saladAd: { ...descriptionOf(from), ...change } } };
}

function flipped(bytes: ArrayBuffer, bit: number): ArrayBuffer {
  const copy = new Uint8Array(bytes.slice(0));
  copy[bit >> 3] ^= 1 << (bit & 7);
  return copy.buffer;
}

/** The file with other values in a tensor. */
function withValues(name: string, change: (values: Float32Array) => void, from = old({})) {
  let at = 0;
  for (const { name: other, shape } of from.weightSpecs!) {
    if (other === name) break;
    at += 4 * tf.util.sizeFromShape(shape);
  }
  const spec = from.weightSpecs!.find((one) => one.name === name)!;
  const weightData = (from.weightData as ArrayBuffer).slice(0);
  change(new Float32Array(weightData, at, tf.util.sizeFromShape(spec.shape)));
  return { ...from, weightData };
}

describe('a file with a checksum', () => {
  it('tells every flipped bit of its weights', async () => {
    const bits = 8 * (saved.weightData as ArrayBuffer).byteLength;
    const random = new RandomStream(1, ['bits']);
    for (let i = 0; i < 200; i++) {
      const weightData = flipped(saved.weightData as ArrayBuffer, random.integer(bits));
      await refused({ ...saved, weightData });
    }
  });

  it('tells every other value of its description, each of another place', async () => {
    const text = JSON.stringify(descriptionOf(saved));
    const places = [...text.matchAll(/(?<=[:[,])(\d)(?=[\d.,}\]])/g)].map(({ index }) => index);
    expect(places.length).toBeGreaterThan(60);
    for (const at of places) {
      const digit = text[at] === '1' ? '2' : '1';
      const saladAd = JSON.parse(text.slice(0, at) + digit + text.slice(at + 1));
      const { checksum } = saved.userDefinedMetadata as { checksum: string };
      const code = await codeOf(load({ ...saved, userDefinedMetadata: { saladAd, checksum } }));
      expect(
        ['MODEL_DAMAGED', 'NOT_A_MODEL', 'FORMAT_VERSION', 'INVALID_OPTION', 'UNKNOWN_OPTION'],
        text.slice(at - 20, at + 5),
      ).toContain(code);
    }
  });

  it('tells another name, shape or order of its tensors', async () => {
    const [first, second, ...others] = saved.weightSpecs!;
    await refused({ ...saved, weightSpecs: [{ ...first, name: 'weights/00' }, second, ...others] });
    await refused({ ...saved, weightSpecs: [second, first, ...others] });
    const shape = [...first.shape].reverse();
    await refused({ ...saved, weightSpecs: [{ ...first, shape }, second, ...others] });
  });

  it('tells a checksum of another name', async () => {
    const { saladAd, checksum } = saved.userDefinedMetadata as Record<string, object>;
    await refused({ ...saved, userDefinedMetadata: { saladAd, chedksum: checksum } });
  });

  it('loads after a way through text and through several buffers', async () => {
    const bytes = saved.weightData as ArrayBuffer;
    const metadata = JSON.parse(JSON.stringify(saved.userDefinedMetadata));
    const weightData = [bytes.slice(0, 10), bytes.slice(10)];
    const again = await load({ ...saved, weightData, userDefinedMetadata: metadata });
    const plain = await load(saved);
    expect((await again.score(test)).scores).toEqual((await plain.score(test)).scores);
    again.dispose();
    plain.dispose();
  });
});

it('loads what a database gave back with its names in another order', async () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, inner]) => [name, turned(inner)]),
          )
        : value;
  const userDefinedMetadata = turned(saved.userDefinedMetadata) as Record<string, object>;
  (await load({ ...saved, userDefinedMetadata })).dispose();
});

describe('a handler of the user’s', () => {
  /** The same bytes as Node's readFile gives a small file: a view into a buffer of others. */
  const viewOf = (bytes: ArrayBuffer) => {
    const larger = new Uint8Array(bytes.byteLength + 104).fill(63);
    larger.set(new Uint8Array(bytes), 52);
    return larger.subarray(52, 52 + bytes.byteLength);
  };

  it('may give views of larger buffers, whole or in pieces', async () => {
    const bytes = saved.weightData as ArrayBuffer;
    const pieces = [bytes.slice(0, 10), bytes.slice(10)].map(viewOf);
    const plain = await load(saved);
    const { scores } = await plain.score(test);
    plain.dispose();
    for (const weightData of [viewOf(bytes), pieces] as never[])
      for (const from of [saved, old({})]) {
        const again = await load({ ...from, weightData });
        expect((await again.score(test)).scores).toEqual(scores);
        again.dispose();
      }
  });

  it.each([
    ['null', null],
    ['a list of null', [null]],
    ['a text', 'abc'],
    ['numbers', [1, 2, 3]],
    ['an object', { byteLength: 4 }],
  ])('that gives %s for the weights is refused', (_, weightData) =>
    refused({ ...saved, weightData: weightData as never }, 'TRUNCATED_MODEL'),
  );

  it('that gives a checksum or metadata of another type is refused', async () => {
    const { saladAd } = saved.userDefinedMetadata as { saladAd: object };
    for (const checksum of [null, 7, {}, Object.create(null)])
      await refused({ ...saved, userDefinedMetadata: { saladAd, checksum } });
    for (const metadata of ['text', 3, [], { saladAd: null }] as never[]) {
      const file = { ...saved, userDefinedMetadata: metadata };
      expect(await codeOf(loadDetector({ load: async () => file }))).toBe('NOT_A_MODEL');
      await refused(file, 'NOT_A_MODEL');
    }
  });
});

describe('a file without a checksum, as of version 0.1', () => {
  it('loads', async () => (await load(old({}))).dispose());

  const NEGATIVE = -0.1;
  const of = (text: string) => JSON.parse(text);
  const descriptions: [string, string, object][] = [
    ['no version', 'MODEL_DAMAGED', { formatVersion: '1' }],
    ['version 0', 'MODEL_DAMAGED', { formatVersion: 0 }],
    ['a threshold that is a text', 'MODEL_DAMAGED', { threshold: { value: 'a' } }],
    ['a threshold that is null', 'MODEL_DAMAGED', { threshold: { value: null } }],
    ['a threshold that is none', 'MODEL_DAMAGED', { threshold: 0.4 }],
    ['a quantile above 1', 'MODEL_DAMAGED', { threshold: { value: 0.4, quantile: 1.5 } }],
    ['no normals', 'MODEL_DAMAGED', { threshold: { value: 0.4, normalCount: 0 } }],
    ['a normalizer that is a text', 'MODEL_DAMAGED', { normalizer: 'empirical' }],
    [
      'a normalizer of nothing',
      'MODEL_DAMAGED',
      { normalizer: { method: 'empirical', sorted: [] } },
    ],
    ['one out of order', 'MODEL_DAMAGED', { normalizer: { method: 'empirical', sorted: [2, 1] } }],
    ['one upside down', 'MODEL_DAMAGED', { normalizer: { method: 'minMax', low: 2, high: 1 } }],
    ['an unknown one', 'MODEL_DAMAGED', { normalizer: { method: 'other', low: 1, high: 2 } }],
    ['half an anomaly', 'MODEL_DAMAGED', { anomalies: [1.5] }],
    ['an anomaly before the first', 'MODEL_DAMAGED', { anomalies: [-1] }],
    ['names that are numbers', 'MODEL_DAMAGED', { ids: [1, 2] }],
    ['too few names', 'MODEL_DAMAGED', { ids: ['a'] }],
    ['a history of texts', 'MODEL_DAMAGED', { history: ['epoch'] }],
    ['a negative epoch', 'MODEL_DAMAGED', { history: [{ epoch: -1, loss: 1, seconds: 1 }] }],
    ['a best epoch of no area', 'MODEL_DAMAGED', { best: { epoch: 1, validationAuc: 2 } }],
    ['a training that is a text', 'MODEL_DAMAGED', { training: 'yes' }],
    ['settings that are a list', 'MODEL_DAMAGED', { settings: [] }],
    ['a backbone without a kind', 'MODEL_DAMAGED', { backbone: {} }],
    ['a backbone that is a list', 'MODEL_DAMAGED', { backbone: [1] }],
    ['a normalisation without a name', 'MODEL_DAMAGED', { imageNormalization: { options: {} } }],
    ['a resize that is a text', 'MODEL_DAMAGED', { resize: 'area' }],
    ['a nest of lists', 'MODEL_DAMAGED', { extra: of('['.repeat(5000) + ']'.repeat(5000)) }],
    ['a temperature below 0', 'INVALID_OPTION', { settings: { temperature: NEGATIVE } }],
    [
      'a radius without end',
      'INVALID_OPTION',
      { imageNormalization: { name: 'localContrast', options: { radius: 1e9 } } },
    ],
  ];
  it.each(descriptions)('%s: %s', (_, code, change) => refused(old(change), code));

  it.each([
    ['inputShape', [4096, 4096, 1]],
    ['inputShape', [1e9, 1e9, 1]],
    ['channels', [4, 1e9]],
    ['channels', new Array(40).fill(4096)],
    ['embeddingSize', 1e9],
    ['convsPerLevel', 1e9],
  ])('a network of %s %j, before memory is taken for it', async (name, value) => {
    const { backbone } = descriptionOf(saved);
    const before = process.memoryUsage().rss;
    const code = await codeOf(load(old({ backbone: { ...backbone, [name]: value } })));
    expect(['NOT_A_MODEL', 'INVALID_OPTION']).toContain(code);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  it('a ResNet of more weights than the file', () =>
    refused(
      old({ backbone: { kind: 'resnetAutoencoder', inputShape: [8, 8, 1], width: 512 } }),
      'NOT_A_MODEL',
    ));

  const numbers: [string, string, (values: Float32Array) => void][] = [
    ['a weight that is NaN', 'weights/0', (values) => values.fill(Number.NaN, 3, 4)],
    ['an infinite weight', 'weights/1', (values) => values.fill(Number.POSITIVE_INFINITY)],
    ['a bank with NaN', 'bank', (values) => values.fill(Number.NaN, 5, 6)],
    [
      'a bank row of length 2',
      'bank',
      (values) => void values.set(values.subarray(0, 8).map((v) => 2 * v)),
    ],
    ['a bank row of zeros', 'bank', (values) => values.fill(0, 8, 16)],
    ['a running bank row of zeros', 'training/bank', (values) => values.fill(0, 8, 16)],
    ['an infinite moment', 'training/adam/0/mean', (values) => values.fill(-Infinity)],
    ['a square below 0', 'training/adam/0/square', (values) => values.fill(-1)],
  ];
  it.each(numbers)('%s', (_, name, change) => refused(withValues(name, change)));

  it('neighbours that are no rows', () =>
    refused(
      withValues('training/neighbors', (values) =>
        new Int32Array(values.buffer, values.byteOffset).fill(99, 0, 1),
      ),
    ));

  it.each([
    ['a negative side', { shape: [-3, -3, 1, 4] }],
    ['half a side', { shape: [4.5, 2, 1, 4] }],
    ['no shape', { shape: undefined }],
    ['text', { dtype: 'string' }],
    ['rounded numbers', { quantization: { dtype: 'uint8', scale: 1, min: 0 } }],
    ['no name', { name: undefined }],
  ])('weights of %s', (_, change) => {
    const [first, ...others] = saved.weightSpecs!;
    return refused({ ...old({}), weightSpecs: [{ ...first, ...change } as never, ...others] });
  });

  it('weights of two tensors of one name', () => {
    const [first, second, ...others] = saved.weightSpecs!;
    return refused({
      ...old({}),
      weightSpecs: [first, { ...second, name: first.name }, ...others],
    });
  });

  it('declared sizes beyond the bytes, before any room is made', () => {
    const [first, ...others] = saved.weightSpecs!;
    const weightSpecs = [{ ...first, shape: [2 ** 50] }, ...others];
    return refused({ ...old({}), weightSpecs }, 'TRUNCATED_MODEL');
  });
});

describe('a backbone of layers', () => {
  let file: tf.io.ModelArtifacts;
  beforeAll(async () => {
    const encoder = sequential({
      layers: [
        layers.flatten({ inputShape: [8, 8, 1] }),
        layers.dense({ units: 4, kernelInitializer: initializers.glorotUniform({ seed: 1 }) }),
      ],
    });
    const model = tinyModel({ backbone: layersBackbone({ encoder }), rounds: 0 });
    await model.fit(normals(6));
    const memory = memoryFile();
    await model.save(memory);
    file = copyOf(memory.artifacts!);
    model.dispose();
  });

  /** The topology as text, changed. */
  const changed = (from: RegExp, to: string) => {
    const backbone = JSON.stringify(descriptionOf(file).backbone);
    expect(backbone).toMatch(from);
    return old({ backbone: JSON.parse(backbone.replace(from, to)) }, file);
  };

  it('of a size that is not the file’s is refused, and frees the layers that were made', async () => {
    await refused(changed(/"units":4/, '"units":1000000000'), 'NOT_A_MODEL');
    await refused(changed(/"class_name":"Dense"/, '"class_name":"Dance"'), 'NOT_A_MODEL');
    await refused(changed(/"units":4/, '"units":3'), 'NOT_A_MODEL');
  });

  it('keeps the initialisers of its config, from which an untrained twin is made', async () => {
    const loaded = await load(file);
    expect(JSON.stringify(loaded.backbone.config)).toContain('"seed":1');
    const twin = (await detectorFromConfig(loaded.config)) as SaladModel;
    const [kernel] = twin.backbone.trainable;
    expect(Math.max(...(await kernel.data()))).toBeGreaterThan(0);
    loaded.dispose();
    twin.dispose();
  });
});

describe('detectors of other kinds', () => {
  type Saved = { artifacts: tf.io.ModelArtifacts & { userDefinedMetadata: Record<string, never> } };
  let stored: Saved[];
  beforeAll(async () => {
    const path = fileURLToPath(new URL('../fixtures/detectors-v1/detectors.json', import.meta.url));
    stored = JSON.parse(await readFile(path, 'utf8')).map(({ artifacts }: Saved) => ({
      artifacts: {
        ...artifacts,
        weightData: new Uint8Array(Buffer.from(artifacts.weightData as never, 'base64')).buffer,
      },
    }));
  });
  const kindOf = ({ artifacts }: Saved) =>
    (artifacts.userDefinedMetadata.saladAdDetector as { config: { kind: string } }).config.kind;

  it('have a checksum, which tells a flipped bit of any of them', async () => {
    const random = new RandomStream(2, ['bits']);
    for (const one of stored) {
      const detector = await loadDetector(memoryFile(one.artifacts));
      const file = memoryFile();
      await detector.save(file);
      detector.dispose();
      const sealed = copyOf(file.artifacts!);
      (await loadDetector(memoryFile(sealed))).dispose();
      const bytes = sealed.weightData as ArrayBuffer;
      for (let i = 0; i < 5 && bytes.byteLength > 0; i++) {
        const weightData = flipped(bytes, random.integer(8 * bytes.byteLength));
        await expectNoLeak(async () => {
          const code = await codeOf(loadDetector(memoryFile({ ...sealed, weightData })));
          expect(code, kindOf(one)).toBe('MODEL_DAMAGED');
        });
      }
    }
  });

  it.each([1e9, -1, true, 'constructor', [], {}])(
    'refuse %j in place of all that a file says',
    (other) =>
      expectNoLeak(async () => {
        const file = { ...stored[0].artifacts, userDefinedMetadata: other as object };
        const handler = { load: async () => file as unknown as tf.io.ModelArtifacts };
        expect(await codeOf(loadDetector(handler))).toBe('NOT_A_MODEL');
        expect(await codeOf(SaladModel.load(handler))).toBe('NOT_A_MODEL');
      }),
  );

  it('refuse facts of another type or range, and networks of another size', async () => {
    const facts: Record<string, object[]> = {
      'isolation-forest': [
        { trees: [[64, 0.5, 1, 1]], size: 6 },
        { trees: [[0, null, 1, 1]], size: 6 },
        { trees: [[0, 0.5, 1]], size: 6 },
        { trees: [], size: 6 },
        { trees: [1], size: 0 },
      ],
      'logistic-regression': [
        { weights: [1, 2], intercept: 0 },
        { weights: new Array(64).fill('1'), intercept: 0 },
        { weights: new Array(64).fill(0), intercept: null },
      ],
      'one-class-svm': [
        { gamma: -1, offset: 0, alphas: [] },
        { gamma: 1, offset: 0, alphas: [1] },
      ],
      lof: [{ k: 99, reaches: [], densities: [] }, {}],
    };
    const sizes = {
      inputShape: [4096, 4096, 1],
      channels: [5000],
      embeddingSize: 1e9,
      width: 4096,
    };
    for (const one of stored) {
      const { saladAdDetector: was } = one.artifacts.userDefinedMetadata as Record<
        string,
        { config: object }
      >;
      const refuse = (saladAdDetector: object, codes: string[]) =>
        expectNoLeak(async () => {
          const file = memoryFile({ ...one.artifacts, userDefinedMetadata: { saladAdDetector } });
          expect(codes, kindOf(one)).toContain(await codeOf(loadDetector(file)));
        });
      for (const other of facts[kindOf(one)] ?? [])
        await refuse({ ...was, facts: other }, ['MODEL_DAMAGED']);
      await refuse({ ...was, facts: 7 }, ['NOT_A_MODEL', 'MODEL_DAMAGED']);
      for (const [name, value] of Object.entries(sizes))
        if (name in was.config && !(name === 'inputShape' && !('channels' in was.config)))
          await refuse({ ...was, config: { ...was.config, [name]: value } }, [
            'NOT_A_MODEL',
            'INVALID_OPTION',
          ]);
    }
  });
});

it('a folder of version 0.1 tells a flipped bit of its weights by their name', async () => {
  const { cp, mkdtemp, readdir, rm, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'salad-ad-'));
  try {
    await cp(fileURLToPath(new URL('../fixtures/model-v1', import.meta.url)), folder, {
      recursive: true,
    });
    const weights = (await readdir(folder)).find((name) => name.endsWith('.bin')) as string;
    const bytes = await readFile(join(folder, weights));
    for (const bit of [0, 777, 8 * bytes.length - 1]) {
      await writeFile(
        join(folder, weights),
        new Uint8Array(flipped(new Uint8Array(bytes).buffer, bit)),
      );
      await expect(SaladModel.load(fileSystem(folder))).rejects.toThrow(
        /^SaladModel\.load: the SHA-256 of .*MODEL_DAMAGED/,
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
