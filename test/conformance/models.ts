import * as tf from '@tensorflow/tfjs-core';
import { arraySource, convAutoencoder, SaladModel } from '../../src/index.js';
import { memoryFile, mixed, normals, SIDE, tinyBackbone, tinyModel } from '../model/tiny.js';
import { type ConformanceCase, read, type Values } from './case.js';

/** A model that an earlier version saved, and what it scored. */
export interface SavedModel {
  readonly artifacts: Omit<tf.io.ModelArtifacts, 'weightData'>;
  /** Bytes of the weights. */
  readonly weights: readonly number[];
  readonly images: { readonly pixels: readonly number[] };
  readonly scores: Readonly<
    Record<'scores' | 'relative' | 'angular' | 'normalized', readonly number[]> & {
      nearestRows: readonly (readonly number[])[];
    }
  >;
}

/** Training and scoring with the public API. */
export function modelCases(saved: SavedModel): ConformanceCase[] {
  return [
    { name: 'model: three training steps', run: trainingSteps },
    { name: 'model: a step with default settings', run: defaultStep },
    { name: 'model: a fit and its scores', run: fit },
    { name: 'model: saved and loaded', run: saveAndLoad },
    {
      name: 'model: scores of a saved file',
      run: () => scoresOf(saved),
      expected: expectedScores(saved),
    },
  ];
}

/** Losses; and after the first step the bank and, through Adam's running means, every gradient. */
async function trainingSteps(): Promise<Values> {
  const model = tinyModel();
  const trainer = await model.trainer(normals(4));
  const losses = [(await trainer.step()).loss];
  const file = memoryFile();
  await model.save(file, { includeTraining: true });
  for (let step = 0; step < 2; step++) losses.push((await trainer.step()).loss);
  model.dispose();
  const { weightSpecs = [], weightData } = file.artifacts ?? {};
  const bytes = tf.io.concatenateArrayBuffers([weightData ?? []].flat());
  return { losses, ...(await read(tf.io.decodeWeights(bytes, weightSpecs))) };
}

async function defaultStep(): Promise<Values> {
  const backbone = convAutoencoder({ inputShape: [SIDE, SIDE, 1] });
  const model = SaladModel.create({ backbone });
  const trainer = await model.trainer(normals(16));
  const { loss, reconstruction = Number.NaN, latent = Number.NaN } = await trainer.step();
  model.dispose();
  return { loss: [loss], reconstruction: [reconstruction], latent: [latent] };
}

async function fit(): Promise<Values> {
  const model = tinyModel();
  const { epochs } = await model.fit(normals(12), { validation: mixed(4, 2, 2) });
  const { relative, angular } = await model.score(mixed(3, 2, 3));
  model.dispose();
  return { losses: epochs.map(({ loss }) => loss), relative, angular };
}

async function saveAndLoad(): Promise<Values> {
  const model = tinyModel({ backbone: tinyBackbone(), rounds: 0 });
  await model.fit(normals(4));
  const images = mixed(2, 2, 3);
  const before = await model.score(images);
  // A page saves where pages do.
  const place = typeof indexedDB === 'undefined' ? memoryFile() : 'indexeddb://conformance';
  await model.save(place);
  model.dispose();
  const loaded = await SaladModel.load(place);
  const after = await loaded.score(images);
  loaded.dispose();
  return { change: before.scores.map((score, i) => score - after.scores[i]) };
}

async function scoresOf({ artifacts, weights, images }: SavedModel): Promise<Values> {
  const weightData = Uint8Array.from(weights).buffer;
  const model = await SaladModel.load(memoryFile({ ...artifacts, weightData }));
  const pixels = Uint8Array.from(images.pixels);
  const found = await model.score(arraySource({ pixels, shape: [8, 8, 1] }));
  model.dispose();
  const { scores, relative, angular, normalized = [] } = found;
  const nearestRows = found.nearestRows.flatMap((row) => Array.from(row));
  return { scores, relative, angular, normalized, nearestRows };
}

function expectedScores({ scores: expected }: SavedModel): Values {
  const { scores, relative, angular, normalized, nearestRows } = expected;
  return { scores, relative, angular, normalized, nearestRows: nearestRows.flat() };
}
