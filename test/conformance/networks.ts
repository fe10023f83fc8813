import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import {
  type Backbone,
  convAutoencoder,
  layersBackbone,
  resnetAutoencoder,
} from '../../src/index.js';
import { normal } from '../support/normal.js';
import { type ConformanceCase, read, type Values } from './case.js';

type Shape = readonly [height: number, width: number, channels: number];

/** Each makes the same network on every backend. */
const networks: Readonly<Record<string, () => Backbone>> = {
  'convAutoencoder, transposed': () =>
    convAutoencoder({ inputShape: [11, 8, 1], channels: [4, 6], embeddingSize: 5 }),
  'convAutoencoder, bilinear': () =>
    convAutoencoder({
      inputShape: [9, 8, 2],
      channels: [4],
      convsPerLevel: 2,
      embeddingSize: 5,
      upsampling: 'bilinear',
      outputActivation: 'tanh',
    }),
  resnetAutoencoder: () =>
    resnetAutoencoder({ inputShape: [33, 24, 1], width: 6, embeddingSize: 5 }),
  'layers without convolutions': () => ofLayers([layers.flatten({ inputShape: [8, 8, 1] })]),
  'layers with a depthwise convolution': () =>
    ofLayers([
      layers.depthwiseConv2d({
        inputShape: [8, 8, 1],
        kernelSize: 3,
        strides: 2,
        depthMultiplier: 2,
        depthwiseInitializer: 'ones',
      }),
      layers.flatten(),
    ]),
};

/** Embeddings, reconstructions and every gradient of the library's networks and of the user's own. */
export const networkCases: readonly ConformanceCase[] = [
  { name: 'gradient of gather', run: gatherGradient },
  ...Object.entries(networks).flatMap(([name, create]) => [
    { name: `${name}: inference`, run: () => inference(create) },
    // Rounding grows on the way back, most where a batch normalisation has few values to go by.
    { name: `${name}: training`, run: () => training(create), slack: 10 },
  ]),
];

async function gatherGradient(): Promise<Values> {
  const gradient = tf.tidy(() => {
    const picked = (x: tf.Tensor) => tf.gather(x, tf.tensor1d([4, 0, 4, 2], 'int32'));
    return tf.grad(picked)(normal('rows', [5, 3]), normal('upstream', [4, 3]));
  });
  return read({ gradient });
}

async function inference(create: () => Backbone): Promise<Values> {
  const backbone = create();
  const found = tf.tidy(() => {
    const encoded = backbone.encode(imagesOf(backbone.inputShape), false);
    const { embeddings } = encoded;
    return { embeddings, decoded: backbone.decode?.(encoded, false) ?? tf.tensor1d([0]) };
  });
  backbone.dispose();
  return read(found);
}

async function training(create: () => Backbone): Promise<Values> {
  const backbone = create();
  const images = imagesOf(backbone.inputShape);
  const { value, grads } = tf.variableGrads(
    () =>
      tf.tidy(() => {
        const encoded = backbone.encode(images, true);
        const { embeddings } = encoded;
        const latent = tf.mean(tf.mul(embeddings, normal('target', embeddings.shape)));
        if (!backbone.decode) return latent as tf.Scalar;
        const error = tf.mean(tf.square(tf.sub(backbone.decode(encoded, true), images)));
        return tf.add(latent, error) as tf.Scalar;
      }),
    [...backbone.trainable],
  );
  images.dispose();
  const gradients = backbone.trainable.map(({ name }, i) => [`gradient ${i}`, grads[name]]);
  const statistics = backbone.statistics.map((one, i) => [`statistic ${i}`, tf.clone(one)]);
  const values = await read({ value, ...Object.fromEntries([...gradients, ...statistics]) });
  backbone.dispose();
  return values;
}

function imagesOf(shape: Shape): tf.Tensor4D {
  return tf.tidy(() => tf.sigmoid(normal('images', [3, ...shape])) as tf.Tensor4D);
}

/** An encoder alone; its dense layer has weights that do not depend on the backend's generator. */
function ofLayers(start: Parameters<ReturnType<typeof sequential>['add']>[0][]): Backbone {
  const encoder = sequential({ layers: [...start, layers.dense({ units: 5 })] });
  const { weights } = encoder.layers[encoder.layers.length - 1];
  tf.tidy(() => {
    for (const weight of weights) weight.write(normal('dense', weight.shape as number[]));
  });
  return layersBackbone({ encoder });
}
