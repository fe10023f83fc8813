import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from 'salad-ad';
import { npzSource, subset } from 'salad-ad/data';
import { anomalyMaps, overlay } from 'salad-ad/explain';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import type { Ask, Tell } from './messages.js';

type Films = ReturnType<typeof npzSource>;

const tell = (message: Tell) => postMessage(message);

/** What `explain` goes on from. */
let learnt: { model: SaladModel; train: Films; test: Films; nearestRows: ArrayLike<number>[] };

async function start(url: string, wasm: Readonly<Record<string, string>>): Promise<void> {
  setWasmPaths(wasm);
  await tf.setBackend('wasm');
  enableWasmTraining();
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The films could not be loaded: ${response.status}.`);
  const file = new Uint8Array(await response.arrayBuffer());
  const train = npzSource(file, { split: 'train' });
  const validation = npzSource(file, { split: 'val' });
  const test = npzSource(file, { split: 'test' });

  // Small, so that it takes seconds: 32 px, and a few epochs of each phase.
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] },
    resize: { method: 'area', fit: 'stretch' },
    pretrainEpochs: 6,
    rounds: 3,
    epochsPerRound: 4,
    seed: 7,
  });
  const begun = performance.now();
  await model.fit(train, {
    validation,
    onWarning: () => {},
    callbacks: {
      onEpochEnd: (_epoch, logs = {}) =>
        tell({
          told: 'epoch',
          done: logs.done,
          total: logs.total,
          loss: logs.loss,
          validationAuc: logs.validationAuc,
        }),
    },
  });
  const fitted = performance.now();
  const { scores, pValues, abnormal, nearestRows, threshold } = await model.score(test);
  const scored = performance.now();
  learnt = { model, train, test, nearestRows: Array.from(nearestRows) };

  const labels = Array.from(test.labels ?? []);
  const pixels = await picturesOf(test, scores.length);
  tell({
    told: 'scored',
    films: pixels.map((one, film) => ({
      film,
      pixels: one,
      score: scores[film],
      pValue: pValues?.[film] ?? Number.NaN,
      flagged: abnormal?.[film] ?? false,
      abnormal: labels[film] === 1,
    })),
    auc: areaUnderRoc(scores, labels),
    threshold: threshold ?? Number.NaN,
    seconds: { learn: (fitted - begun) / 1000, score: (scored - fitted) / 1000 },
  });
}

async function explain(film: number): Promise<void> {
  const { model, train, test, nearestRows } = learnt;
  const [map] = await anomalyMaps(model, subset(test, [film]), { method: 'gradient' });
  const rows = Array.from(nearestRows[film]).slice(0, 4);
  tell({
    told: 'explained',
    film,
    map: overlay(await test.read([film]), map).pixels,
    nearest: await picturesOf(subset(train, rows), rows.length),
  });
}

/** The first films of a source as bytes. */
async function picturesOf(source: Films, count: number): Promise<Uint8Array[]> {
  const { pixels, shape } = await source.read(Array.from({ length: count }, (_, i) => i));
  const size = shape[0] * shape[1];
  return Array.from({ length: count }, (_, i) =>
    Uint8Array.from(pixels.slice(i * size, (i + 1) * size)),
  );
}

addEventListener('message', async ({ data }: MessageEvent<Ask>) => {
  try {
    if (data.do === 'start') await start(data.films, data.wasm);
    else await explain(data.film);
  } catch (error) {
    tell({ told: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
