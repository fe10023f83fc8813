import { beforeAll, expect, test } from 'vitest';
import { type CombinedDetector, combinedDetector } from '../../src/baselines/index.js';
import {
  type BackboneOptions,
  equalize,
  type ImageSource,
  localContrast,
} from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { readMetadata } from '../../src/onnx/read-metadata.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { codeOf, mixed, normals, tinyModel } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose, numbersOf, ran } from './session.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

const resize = { method: 'area', fit: 'pad' } as const;

function twoModels(): CombinedDetector {
  const small = tinyModel({ resize, imageNormalization: equalize(), method: 'relative' });
  const backbone = {
    kind: 'convAutoencoder',
    inputShape: [12, 10, 1],
    channels: [4, 6],
    embeddingSize: 8,
  } as const;
  const large = tinyModel({
    backbone,
    resize,
    imageNormalization: localContrast(),
    score: 'cells',
    cells: { grid: [2, 2] },
  });
  return combinedDetector({
    models: { small, large: large },
    terms: ['small.embedding', 'large.cells', 'large.embedding'],
    weights: { 'large.cells': 2 },
  });
}

async function outputsOf(detector: CombinedDetector, source: ImageSource) {
  const { bytes } = await expectNoLeak(() => toOnnx(detector));
  const { pixels } = await source.read(Array.from({ length: source.length }, (_, i) => i));
  return ran(bytes, pixels, [source.length, 8, 8, 1]);
}

test('a sum of models of two sizes scores as the detector does, term by term', async () => {
  const detector = twoModels();
  await detector.fit(normals(30), { validation: normals(24, 3, 'validation') });
  const expected = await detector.score(mixed(8, 6, 7));
  const outputs = await outputsOf(detector, mixed(8, 6, 7));
  for (const [name, values] of Object.entries(expected.terms))
    expectClose(numbersOf(outputs, name), values, 2e-4);
  expectClose(numbersOf(outputs, 'score'), expected.scores, 5e-4);
  expectClose(numbersOf(outputs, 'pValue'), expected.pValues as Float64Array);
  expectClose(numbersOf(outputs, 'normalized'), expected.normalized as Float32Array);
  expect(numbersOf(outputs, 'verdict')).toEqual(expected.abnormal?.map(Number));
  detector.dispose();
});

test('a film with a NaN is invalid for all of the sum', async () => {
  const detector = twoModels();
  await detector.fit(normals(30), { validation: normals(24, 3, 'validation') });
  const { bytes } = await toOnnx(detector);
  const pixels = new Float32Array(2 * 64).fill(0.25).map((value, i) => value + (i % 7) / 20);
  pixels[70] = Number.NaN;
  const outputs = await ran(bytes, pixels, [2, 8, 8, 1]);
  expect(numbersOf(outputs, 'score').map(Number.isNaN)).toEqual([false, true]);
  expect(numbersOf(outputs, 'verdict')[1]).toBe(2);
  detector.dispose();
});

const shapes = { inputShape: [11, 9, 1], embeddingSize: 8 } as const;
test.each<Partial<BackboneOptions>>([
  { kind: 'convAutoencoder', channels: [4, 6] },
  {
    kind: 'convAutoencoder',
    channels: [4, 6],
    upsampling: 'bilinear',
    convsPerLevel: 2,
    outputActivation: 'tanh',
  },
  {
    kind: 'convAutoencoder',
    channels: [4, 6],
    convsPerLevel: 2,
    decodeFrom: 'features',
    outputActivation: 'sigmoid',
  },
  { kind: 'resnetAutoencoder', width: 2, inputShape: [75, 69, 1] },
  { kind: 'resnetAutoencoder', width: 2, decodeFrom: 'features', outputActivation: 'tanh' },
])('reconstruction errors are those of the model, %j', async (options) => {
  const backbone = { ...shapes, ...options } as BackboneOptions;
  const own = tinyModel({ resize, backbone });
  const detector = combinedDetector({ models: { own }, terms: ['own.embedding', 'own.error'] });
  await detector.fit(normals(30), { validation: normals(24, 3, 'validation') });
  const expected = await detector.score(mixed(5, 4, 7));
  const outputs = await outputsOf(detector, mixed(5, 4, 7));
  expectClose(numbersOf(outputs, 'own.error'), expected.terms['own.error'], 1e-4);
  expectClose(numbersOf(outputs, 'score'), expected.scores, 5e-4);
  detector.dispose();
});

test('names what is not written', async () => {
  const unfitted = twoModels();
  expect(await codeOf(toOnnx(unfitted))).toBe('NOT_FITTED');
  unfitted.dispose();
});

test.each([
  ['of files', { channels: 1, bitsStored: 12 } as const],
  ['of arrays', undefined],
])('a sum of models that learnt from images %s says how', async (_, recipe) => {
  const detector = twoModels();
  const validation = { ...normals(24, 3, 'validation'), recipe };
  await detector.fit({ ...normals(30), recipe }, { validation });
  const { bytes } = await toOnnx(detector);
  const { 'salad-ad.steps': steps } = readMetadata('test', bytes);
  expect(steps && JSON.parse(steps)).toEqual(recipe && { recipe });
  detector.dispose();
});
