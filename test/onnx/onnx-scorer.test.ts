import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  arraySource,
  type ImageSource,
  localContrast,
  type SaladModel,
  type ScoreResult,
} from '../../src/index.js';
import { recordSource } from '../../src/node/index.js';
import { OnnxScorer, toOnnx } from '../../src/onnx/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { codeOf, mixed, normals, tinyModel } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { lossySource } from '../support/lossy-source.js';
import { filmFolder, writeFilms } from '../support/written-films.js';
import { expectClose } from './session.js';

let model: SaladModel;
let file: Uint8Array;
let session: ort.InferenceSession;
let scorer: OnnxScorer;

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  model = tinyModel({ resize: { method: 'area', fit: 'stretch' } });
  await model.fit(mixed(30, 4), { validation: normals(24, 3, 'validation') });
  file = (await toOnnx(model)).bytes;
  session = await ort.InferenceSession.create(file);
  scorer = new OnnxScorer({ file, session, Tensor: ort.Tensor });
});
afterAll(() => model.dispose());

function expectSameResult(found: ScoreResult, expected: ScoreResult): void {
  for (const name of ['scores', 'relative', 'angular', 'normalized'] as const)
    expectClose(found[name] as Float32Array, expected[name] as Float32Array);
  found.nearestAngles.forEach((angles, i) => {
    expectClose(angles, expected.nearestAngles[i]);
  });
  const numbers = { scores: 0, relative: 0, angular: 0, normalized: 0, nearestAngles: 0 };
  expect({ ...found, ...numbers }).toEqual({ ...expected, ...numbers });
}

test('gives the results of the model, of several batches', async () => {
  const source = mixed(80, 60, 9);
  expectSameResult(await expectNoLeak(() => scorer.score(source)), await model.score(source));
  expect(scorer.decisionThreshold).toEqual(model.decisionThreshold);
  expect(scorer.preparation.inputShape).toEqual([8, 8, 1]);
});

test('tells the farthest cells as the model does', async () => {
  const source = mixed(70, 4, 9);
  const ofCells = tinyModel({ score: 'both', cells: { grid: [2, 2] } });
  await ofCells.fit(mixed(30, 4), { validation: normals(24, 3, 'validation') });
  const { bytes } = await toOnnx(ofCells);
  const own = await ort.InferenceSession.create(bytes);
  const cellScorer = new OnnxScorer({ file: bytes, session: own, Tensor: ort.Tensor });
  const found = await expectNoLeak(() => cellScorer.nearestCells(source, { count: 3 }));
  const expected = await ofCells.nearestCells(source, { count: 3 });
  ofCells.dispose();
  expect(found.length).toBe(74);
  found.forEach((cells, i) => {
    const distances = cells.map(({ distance }) => distance);
    expectClose(
      distances,
      expected[i].map(({ distance }) => distance),
    );
    const named = expected[i].map(({ nearest: { id: _, ...nearest }, ...cell }, rank) => ({
      ...cell,
      distance: distances[rank],
      nearest,
    }));
    expect(cells).toEqual(named);
  });
  expect(await codeOf(cellScorer.nearestCells(source, { count: 0 }))).toBe('INVALID_OPTION');
  expect(await codeOf(scorer.nearestCells(source))).toBe('INVALID_OPTION');
});

test('counts p-values of groups as the model does', async () => {
  const grouped = tinyModel();
  const groups = (id: string) => (Number(/\d+/.exec(id)) % 3 ? 'pa' : 'ap');
  const calibration = { groups };
  await grouped.fit(normals(30), { validation: normals(24, 3, 'validation'), calibration });
  const { bytes } = await toOnnx(grouped);
  const own = await ort.InferenceSession.create(bytes);
  const byGroup = new OnnxScorer({ file: bytes, session: own, Tensor: ort.Tensor });
  const found = await byGroup.score(normals(9, 4), { groups });
  expectSameResult(found, await grouped.score(normals(9, 4), { groups }));
  expect(new Set(found.pValueGroups)).toEqual(new Set(['pa', 'ap']));
  grouped.dispose();
});

test('takes 8 and 16 bits, another size, and a tensor', async () => {
  const bytes = Uint8Array.from({ length: 5 * 12 * 9 }, (_, i) => (i * 53) % 256);
  const whole = Uint16Array.from(bytes, (value) => value * 16);
  for (const source of [
    arraySource({ pixels: bytes, shape: [12, 9, 1] }),
    arraySource({ pixels: whole, shape: [12, 9, 1], bitsStored: 12 }),
  ])
    expectSameResult(await scorer.score(source), await model.score(source));
  const tensor = tf.randomUniform<tf.Rank.R4>([3, 8, 8, 1], 0, 1, 'float32', 4);
  expectSameResult(await scorer.score(tensor), await model.score(tensor));
  tensor.dispose();
});

test('goes on without images that cannot be read, and tells of them', async () => {
  const source = lossySource(mixed(70, 5, 9), (i) => i === 3 || (i > 63 && i % 2 === 0));
  const told: string[] = [];
  const found = await scorer.score(source, { onWarning: ({ code }) => told.push(code) });
  expectSameResult(found, await model.score(source));
  expect(told).toContain('IMAGES_UNREADABLE');
  const nearest = await scorer.nearest(source, { count: 2 });
  const expected = await model.nearest(source, { count: 2 });
  expect(nearest.map((near) => near.map(({ row }) => row))).toEqual(
    expected.map((near) => near.map(({ row }) => row)),
  );
  const none = lossySource(mixed(4, 1), () => true);
  expect((await scorer.score(none)).problems).toHaveLength(5);
});

test('scores batches as they come', async () => {
  const batches = [mixed(3, 1, 2), mixed(2, 2, 4)];
  const counts: number[] = [];
  for await (const result of scorer.scoreStream(batches)) {
    expectSameResult(result, await model.score(batches[counts.length]));
    counts.push(result.scores.length);
  }
  expect(counts).toEqual([4, 4]);
});

test('scores files by the recipe that the file holds', async () => {
  const folder = filmFolder();
  const resize = { method: 'area', fit: 'stretch' } as const;
  const source = (records: { path: string }[]): ImageSource =>
    recordSource(folder, records, { size: [8, 8], resize });
  const learnt = tinyModel({ imageNormalization: localContrast() });
  const validation = source(await writeFilms(folder, [24, 50]));
  await learnt.fit(source(await writeFilms(folder, [0, 24])), { validation });
  const { bytes } = await toOnnx(learnt);
  const own = await ort.InferenceSession.create(bytes);
  const files = (await writeFilms(folder, [60, 66])).map(({ path }) => join(folder, path));
  const found = await new OnnxScorer({
    file: bytes,
    session: own,
    Tensor: ort.Tensor,
  }).scoreFiles(files);
  expectSameResult(found, await learnt.scoreFiles(files));
  expect(found.ids).toEqual(files);
  expect(await codeOf(scorer.scoreFiles(files))).toBe('NO_RECIPE');
  learnt.dispose();
});

test('refuses what the model refuses, by the same codes', async () => {
  const pixels = new Float32Array(3 * 64).fill(0.5);
  pixels[100] = Number.NaN;
  const odd = arraySource({ pixels: new Float32Array(64).fill(0.5), shape: [8, 8, 1] });
  const source = {
    ...odd,
    length: 3,
    ids: ['a', 'b', 'c'],
    read: async () => ({ pixels, shape: [8, 8, 1] as const }),
  };
  await expect(scorer.score(source)).rejects.toThrow(/image 'b' has NaN/);
  expect(await codeOf(scorer.score(source))).toBe(await codeOf(model.score(source)));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(scorer.score(normals(2), { signal })).rejects.toThrow('enough');
  // @ts-expect-error the graph compares with every row
  expect(await codeOf(scorer.score(normals(2), { ownRows: [0, 1] }))).toBe('UNKNOWN_OPTION');
  expect(await codeOf(scorer.nearest(normals(2), { count: 0 }))).toBe('INVALID_OPTION');
  const colour = arraySource({ pixels: new Uint8Array(2 * 192), shape: [8, 8, 3] });
  expect(await codeOf(scorer.score(colour))).toBe('SHAPE_MISMATCH');
});

test('is made of a whole file and its session', () => {
  const { Tensor } = ort;
  const given = { file, session, Tensor };
  for (const wrong of [
    { ...given, file: file.subarray(0, file.length - 9) },
    { ...given, file: Uint8Array.of(8, 8) },
    { ...given, file: 'chest.onnx' },
    { ...given, session: {} },
    { ...given, Tensor: undefined },
    { ...given, session: { inputNames: ['x'], outputNames: ['y'], run: async () => ({}) } },
  ])
    expect(codeOf(() => new OnnxScorer(wrong as typeof given))).toBe('INVALID_OPTION');
});
