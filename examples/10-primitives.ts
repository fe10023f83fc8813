// The parts of the method in a training loop of your own, without SaladModel.
import * as tf from '@tensorflow/tfjs-core';
import {
  anomalyScore,
  convAutoencoder,
  latentLoss,
  localContrast,
  MemoryBank,
  ProgressiveNeighborhoodScheduler,
  reconstructionLoss,
  saladLoss,
} from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { imagePreparation } from 'salad-ad/data';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { enableWasmTraining } from 'salad-ad/wasm';
import { syntheticFilms } from './support/synthetic-films.js';

await detectBackend({
  tensorflow: () => import('@tensorflow/tfjs-node').then(enableNativeKernels),
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});

const train = syntheticFilms({ count: 64, seed: 1 });
const test = syntheticFilms({ count: 40, anomalies: 20, seed: 2 });
const backbone = convAutoencoder({ inputShape: [16, 16, 1], embeddingSize: 32, seed: 3 });
const bank = MemoryBank.random({ size: train.length, dim: backbone.embeddingSize, seed: 3 });
const scheduler = new ProgressiveNeighborhoodScheduler({ rounds: 3, neighborhoodSize: 5 });
const optimizer = tf.train.adam(2e-3);

async function read(source: typeof train, rows: number[]): Promise<tf.Tensor4D> {
  const preparation = imagePreparation({
    inputShape: backbone.inputShape,
    imageNormalization: localContrast(),
  });
  const { images: values } = preparation.apply(await source.read(rows));
  return tf.tensor4d(values, [rows.length, ...backbone.inputShape]);
}

/** Loss against the old bank, a step of the optimiser, and only then the bank moves. */
function step(images: tf.Tensor4D, rows: number[], anchors: boolean[], neighbors: Int32Array[]) {
  const kept: tf.Tensor2D[] = [];
  const loss = optimizer.minimize(
    () => {
      const encoded = backbone.encode(images, true);
      kept.push(tf.keep(encoded.embeddings));
      const latent = latentLoss(encoded.embeddings, bank, { rows, anchors, neighbors });
      const decoded = backbone.decode?.(encoded, true) as tf.Tensor4D;
      return saladLoss(
        { reconstruction: reconstructionLoss(images, decoded), latent },
        { latentWeight: 0.01 },
      );
    },
    true,
    [...backbone.trainable],
  ) as tf.Scalar;
  bank.update(rows, kept[0], { momentum: 0.5 });
  tf.dispose(kept);
  return loss;
}

const BATCHES = 4;
for (let round = 0; round <= scheduler.rounds; round++) {
  const { anchors, neighbors } = await scheduler.select(bank, round);
  let loss = 0;
  for (let turn = 0; turn < 6 * BATCHES; turn++) {
    const rows = Array.from(
      { length: train.length / BATCHES },
      (_, i) => BATCHES * i + (turn % BATCHES),
    );
    const images = await read(train, rows);
    const value = step(
      images,
      rows,
      rows.map((row) => anchors[row]),
      rows.map((row) => neighbors[row]),
    );
    loss = (await value.data())[0];
    tf.dispose([images, value]);
  }
  const count = anchors.filter(Boolean).length;
  console.log(`round ${round}: ${count} anchors, last loss ${loss.toFixed(4)}`);
}

const { embeddings } = backbone.encode(await read(test, [...Array(test.length).keys()]), false);
for (const method of ['relative', 'angular'] as const) {
  const { scores } = anomalyScore(embeddings, bank, { scoreNeighbors: 10, method });
  const area = areaUnderRoc(await scores.data(), test.labels ?? []);
  console.log(`${method}: area under the ROC curve ${area.toFixed(2)}`);
}
