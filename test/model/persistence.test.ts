import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  arraySource,
  customNormalization,
  layersBackbone,
  localContrast,
  SaladModel,
} from '../../src/index.js';
import type { ModelDescription } from '../../src/model/model-file.js';
import { fileSystem } from '../../src/node/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import {
  codeOf,
  copyOf,
  memoryFile,
  mixed,
  normals,
  pixelsOf,
  tinyBackbone,
  tinyModel,
} from './tiny.js';

const test = mixed(3, 3, 7);
const train = {
  ...mixed(10, 2),
  ids: Array.from({ length: 12 }, (_, i) => `film-${i}`),
  patients: Array.from({ length: 12 }, (_, i) => `patient-${i}`),
};
let model: SaladModel;
const descriptionOf = (artifacts: tf.io.ModelArtifacts | undefined) =>
  (artifacts!.userDefinedMetadata as { saladAd: ModelDescription }).saladAd;

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  model = tinyModel({
    imageNormalization: localContrast({ radius: 2 }),
    resize: { method: 'area', fit: 'pad' },
    temperature: 0.2,
  });
  const patients = Array.from({ length: 6 }, (_, i) => `other-patient-${i}`);
  await model.fit(train, { validation: { ...normals(6, 2), patients } });
});
afterAll(() => model.dispose());

describe('save and load', () => {
  it('gives the same model: settings, scores, threshold, history, discarded rows', async () => {
    const file = memoryFile();
    await expectNoLeak(() => model.save(file));
    const loaded = await SaladModel.load(file);
    expect(loaded.settings).toEqual(model.settings);
    expect(JSON.stringify(loaded.imageNormalization)).toBe(
      JSON.stringify(model.imageNormalization),
    );
    expect(loaded.history).toEqual(JSON.parse(JSON.stringify(model.history)));
    expect(loaded.discard).toEqual(model.discard);
    expect(loaded.threshold).toBe(model.threshold);
    expect(await loaded.score(test)).toEqual(await model.score(test));
    loaded.dispose();
  });

  it('keeps the resize policy', async () => {
    const file = memoryFile();
    await model.save(file);
    const loaded = await SaladModel.load(file);
    const larger = arraySource({ pixels: pixelsOf([0, 0, 0, 0]), shape: [16, 16, 1] });
    expect((await loaded.score(larger)).scores).toEqual((await model.score(larger)).scores);
    loaded.dispose();
  });

  it('takes the training state and names along only where asked, and patients never', async () => {
    const plain = memoryFile();
    await model.save(plain);
    const full = memoryFile();
    await model.save(full, { includeTraining: true, includeIds: true });
    const names = (file: typeof plain) => file.artifacts!.weightSpecs!.map(({ name }) => name);
    expect(names(plain).filter((name) => name.startsWith('training/'))).toEqual([]);
    expect(names(full)).toContain('training/bank');
    expect(descriptionOf(plain.artifacts)).not.toHaveProperty('training');
    expect(JSON.stringify(plain.artifacts)).not.toContain('film-');
    expect(descriptionOf(full.artifacts).ids).toEqual(train.ids);
    expect(JSON.stringify([plain.artifacts, full.artifacts])).not.toContain('patient-');
    const [anonymous, named] = [await SaladModel.load(plain), await SaladModel.load(full)];
    const [row] = await anonymous.nearest(test, { count: 1 });
    const [namedRow] = await named.nearest(test, { count: 1 });
    expect(row[0]).not.toHaveProperty('id');
    expect(namedRow[0].id).toBe(`film-${row[0].row}`);
    anonymous.dispose();
    named.dispose();
  });

  it('takes backbones and normalisations of your own back in', async () => {
    const own = () => ({
      backbone: { ...tinyBackbone(), config: { kind: 'mine' } },
      imageNormalization: customNormalization({ name: 'mine', apply: (v) => v.map((x) => 1 - x) }),
    });
    const mine = tinyModel({ ...own(), rounds: 0 });
    await mine.fit(normals(6));
    const file = memoryFile();
    await mine.save(file);
    expect(await codeOf(SaladModel.load(file))).toBe('INVALID_OPTION');
    const loaded = await SaladModel.load(file, own());
    expect((await loaded.score(test)).scores).toEqual((await mine.score(test)).scores);
    loaded.dispose();
    mine.dispose();
  });

  it('rebuilds a backbone of tfjs-layers', async () => {
    const encoder = sequential({
      layers: [layers.flatten({ inputShape: [8, 8, 1] }), layers.dense({ units: 4 })],
    });
    const dense = tinyModel({ backbone: layersBackbone({ encoder }), rounds: 1 });
    await dense.fit(normals(6));
    const file = memoryFile();
    await dense.save(file);
    const loaded = await SaladModel.load(file);
    expect((await loaded.score(test)).scores).toEqual((await dense.score(test)).scores);
    loaded.dispose();
    dense.dispose();
  });
});

describe('load refuses, and leaves no tensor behind', () => {
  const refusals: [string, string, (artifacts: tf.io.ModelArtifacts) => tf.io.ModelArtifacts][] = [
    ['a newer format', 'FORMAT_VERSION', (a) => described(a, { formatVersion: 2 })],
    ['another kind of model', 'NOT_A_MODEL', (a) => ({ ...a, userDefinedMetadata: {} })],
    ['nothing at all', 'NOT_A_MODEL', () => ({})],
    ['no settings', 'NOT_A_MODEL', (a) => described(a, { settings: undefined })],
    ['no backbone', 'NOT_A_MODEL', (a) => described(a, { backbone: undefined })],
    ['no normalisation', 'NOT_A_MODEL', (a) => described(a, { imageNormalization: null })],
    ['no history', 'NOT_A_MODEL', (a) => described(a, { history: null })],
    ['anomalies beyond the bank', 'NOT_A_MODEL', (a) => described(a, { anomalies: [12] })],
    ['weights cut short', 'TRUNCATED_MODEL', (a) => ({ ...a, weightData: bytes(a).slice(0, -4) })],
    ['no weights', 'TRUNCATED_MODEL', (a) => ({ ...a, weightData: undefined })],
    ['a bank of another size', 'NOT_A_MODEL', (a) => renamed(a, 'bank', 'weights/0')],
    ['a missing weight', 'NOT_A_MODEL', (a) => renamed(a, 'weights/1', 'elsewhere')],
    ['a weight too many', 'NOT_A_MODEL', (a) => renamed(a, 'training/adam/0/mean', moreWeights(a))],
    ['a missing moment', 'NOT_A_MODEL', (a) => renamed(a, 'training/adam/0/mean', 'elsewhere')],
    ['no training bank', 'NOT_A_MODEL', (a) => renamed(a, 'training/bank', 'elsewhere')],
    ['a setting out of range', 'INVALID_OPTION', (a) => described(a, { settings: { seed: 0.5 } })],
    ['an unknown backbone', 'INVALID_OPTION', (a) => described(a, { backbone: { kind: 'new' } })],
    [
      'an unknown normalisation',
      'INVALID_OPTION',
      (a) => described(a, { imageNormalization: { name: 'new', options: {} } }),
    ],
  ];

  it.each(refusals)('%s', async (_, code, change) => {
    const file = memoryFile();
    await model.save(file, { includeTraining: true });
    const changed = memoryFile(change(copyOf(file.artifacts!)));
    await expectNoLeak(async () => expect(await codeOf(SaladModel.load(changed))).toBe(code));
  });

  it('a backbone of yours that does not fit, which stays yours', async () => {
    const file = memoryFile();
    await model.save(file);
    const backbone = layersBackbone({
      encoder: sequential({
        layers: [layers.flatten({ inputShape: [8, 8, 1] }), layers.dense({ units: 8 })],
      }),
    });
    await expectNoLeak(async () =>
      expect(await codeOf(SaladModel.load(file, { backbone }))).toBe('NOT_A_MODEL'),
    );
    expect(backbone.trainable[0].isDisposed).toBe(false);
    backbone.dispose();
  });

  it('a URL that nothing here knows, and unknown options', async () => {
    expect(await codeOf(SaladModel.load('nowhere://model'))).toBe('INVALID_OPTION');
    expect(await codeOf(model.save('nowhere://model'))).toBe('INVALID_OPTION');
    const misspelt = { includeTrainig: true } as object;
    await expect(model.save(memoryFile(), misspelt)).rejects.toThrow(
      /Did you mean 'includeTraining'\?.*\[UNKNOWN_OPTION\]$/,
    );
    const unknown = { bakbone: tinyBackbone } as object;
    expect(await codeOf(SaladModel.load(memoryFile(), unknown))).toBe('UNKNOWN_OPTION');
  });
});

const fixture = fileURLToPath(new URL('../fixtures/model-v1', import.meta.url));

describe.each(['wasm', 'cpu'] as const)('a file of format version 1 (%s)', (backend) => {
  beforeAll(() => useBackend(backend));
  afterAll(() => useBackend('wasm'));

  it('loads and scores as it did when it was written', async () => {
    const expected = JSON.parse(await readFile(`${fixture}/scores.json`, 'utf8'));
    const loaded = await SaladModel.load(fileSystem(fixture));
    const images = arraySource({ pixels: Uint8Array.from(expected.pixels), shape: [8, 8, 1] });
    const found = await loaded.score(images);
    for (const name of ['scores', 'relative', 'angular', 'normalized'] as const)
      for (const [i, value] of (expected[name] as number[]).entries())
        expect(found[name]![i], `${name}[${i}]`).toBeCloseTo(value, 4);
    expect(found.abnormal).toEqual(expected.abnormal);
    expect(found.threshold).toBe(expected.threshold);
    expect(found.nearestRows.map((rows) => Array.from(rows))).toEqual(expected.nearestRows);
    expect(loaded.discard.indexOf(true)).toBe(8);
    loaded.dispose();
  });

  it('has the names of this version once it is loaded', async () => {
    const kinds = { 'model-v1': 'conv', 'model-v1-resnet': 'resnet' };
    for (const [name, kind] of Object.entries(kinds)) {
      const folder = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
      expect(await readFile(`${folder}/model.json`, 'utf8')).toMatch(
        new RegExp(`"keep":"best-validation".*"backbone":{"kind":"${kind}"`),
      );
      const loaded = await SaladModel.load(fileSystem(folder));
      expect(loaded.settings.keep).toBe('bestValidation');
      const { pixels, scores } = JSON.parse(await readFile(`${folder}/scores.json`, 'utf8'));
      const images = arraySource({ pixels: Uint8Array.from(pixels), shape: [8, 8, 1] });
      const found = await loaded.score(images);
      for (const [i, value] of (scores as number[]).entries())
        expect(found.scores[i], `${name}[${i}]`).toBeCloseTo(value, 5);
      loaded.dispose();
    }
  });
});

const bytes = (a: tf.io.ModelArtifacts) =>
  tf.io.concatenateArrayBuffers([a.weightData ?? []].flat());

function described(a: tf.io.ModelArtifacts, change: object): tf.io.ModelArtifacts {
  return { ...a, userDefinedMetadata: { saladAd: { ...descriptionOf(a), ...change } } };
}

/** The file with one tensor under another name; one that already had it goes. */
function renamed(a: tf.io.ModelArtifacts, from: string, to: string): tf.io.ModelArtifacts {
  const weightSpecs = a.weightSpecs!.map((spec) =>
    spec.name === from
      ? { ...spec, name: to }
      : spec.name === to
        ? { ...spec, name: 'gone' }
        : spec,
  );
  // As a file of version 0.1, which has no checksum.
  return { ...described(a, {}), weightSpecs };
}

const moreWeights = (a: tf.io.ModelArtifacts) =>
  `weights/${a.weightSpecs!.filter(({ name }) => name.startsWith('weights/')).length}`;
