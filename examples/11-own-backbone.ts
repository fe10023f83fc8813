// Networks of your own: a pair of tfjs-layers models, and an encoder written by hand, without a decoder.
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { type Backbone, layersBackbone, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { enableWasmTraining } from 'salad-ad/wasm';
import { syntheticFilms } from './support/synthetic-films.js';

await detectBackend({
  tensorflow: () => import('@tensorflow/tfjs-node').then(enableNativeKernels),
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});

/** An autoencoder of tfjs-layers; the library normalises the embedding to unit length. */
function layersAutoencoder(seed: number): Backbone {
  const activation = 'relu';
  const kernelInitializer = initializers.glorotUniform({ seed });
  const encoder = sequential({
    layers: [
      layers.conv2d({
        inputShape: [16, 16, 1],
        filters: 8,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation,
        kernelInitializer,
      }),
      layers.conv2d({
        filters: 16,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation,
        kernelInitializer,
      }),
      layers.flatten(),
      layers.dense({ units: 32, kernelInitializer }),
    ],
  });
  const decoder = sequential({
    layers: [
      layers.dense({ inputShape: [32], units: 4 * 4 * 16, activation, kernelInitializer }),
      layers.reshape({ targetShape: [4, 4, 16] }),
      layers.conv2dTranspose({
        filters: 8,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        activation,
        kernelInitializer,
      }),
      layers.conv2dTranspose({
        filters: 1,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        kernelInitializer,
      }),
    ],
  });
  return layersBackbone({ encoder, decoder });
}

/** Anything that has these members is a backbone; without `decode` there is no reconstruction term. */
function linearEncoder(size: number, embeddingSize: number, seed: number): Backbone {
  const weights = tf.variable(
    tf.randomNormal([size * size, embeddingSize], 0, 0.1, 'float32', seed),
  );
  return {
    inputShape: [size, size, 1],
    embeddingSize,
    encode(images) {
      const projected = tf.matMul(tf.reshape(images, [-1, size * size]), weights as tf.Tensor2D);
      const squaredLength = tf.sum(tf.square(projected), 1, true);
      // Not tf.norm: its gradient is NaN at a zero vector.
      return { embeddings: tf.mul(projected, tf.rsqrt(tf.maximum(squaredLength, 1e-12))) };
    },
    trainable: [weights],
    statistics: [],
    config: { kind: 'linear', size, embeddingSize },
    dispose: () => weights.dispose(),
  };
}

const train = syntheticFilms({ count: 64, seed: 1 });
const test = syntheticFilms({ count: 40, anomalies: 20, seed: 2 });
const backbones = {
  'layers autoencoder': layersAutoencoder,
  'linear encoder': (seed: number) => linearEncoder(16, 32, seed),
};
const schedule = {
  pretrainEpochs: 4,
  rounds: 2,
  epochsPerRound: 3,
  batchSize: 16,
  scoreNeighbors: 10,
};

for (const [name, backbone] of Object.entries(backbones)) {
  const model = SaladModel.create({ backbone, ...schedule, seed: 7 });
  const { epochs } = await model.fit(train);
  const { scores } = await model.score(test);
  const terms =
    epochs[0].reconstruction === undefined ? 'latent only' : 'reconstruction and latent';
  const loss = `${epochs[0].loss.toFixed(3)} to ${epochs[epochs.length - 1].loss.toFixed(3)}`;
  const area = areaUnderRoc(scores, test.labels ?? []).toFixed(2);
  console.log(`${name}: ${terms}, loss ${loss}, area under the ROC curve ${area}`);
  model.dispose();
}
