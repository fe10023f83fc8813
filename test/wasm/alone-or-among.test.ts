import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Backbone } from '../../src/backbones/backbone.js';
import { efficientNetLite0 } from '../../src/encoders/index.js';
import { convAutoencoder, resnetAutoencoder } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { useBackend } from '../support/backends.js';
import { normal } from '../support/normal.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

const square = (size: number): [number, number, number] => [size, size, 1];
const networks: Readonly<Record<string, () => Backbone | Promise<Backbone>>> = {
  'convAutoencoder, 16 px': () => convAutoencoder({ inputShape: square(16) }),
  'convAutoencoder, 32 px': () => convAutoencoder({ inputShape: square(32) }),
  'convAutoencoder, 40 x 56 px': () => convAutoencoder({ inputShape: [40, 56, 1] }),
  'convAutoencoder, 64 px': () => convAutoencoder({ inputShape: square(64) }),
  'resnetAutoencoder, 32 px': () => resnetAutoencoder({ inputShape: square(32) }),
  'efficientNetLite0, 48 px': () => efficientNetLite0({ inputShape: square(48) }),
};

/** Rows are told apart by these: an image of one count of images, and the same of another. */
const COUNTS = [1, 2, 3, 5, 16];

test.each(Object.keys(networks))(
  '%s: an image has the same bits alone and among others',
  async (name) => {
    const network = await networks[name]();
    const images = normal('images', [16, ...network.inputShape]) as tf.Tensor4D;
    const embeddings = COUNTS.flatMap((count) => {
      const encode = () => {
        const some = tf.slice(images, 0, count) as tf.Tensor4D;
        return network.encode(some, false).embeddings.dataSync();
      };
      // The second time filters are in the form that is kept.
      return [tf.tidy(encode), tf.tidy(encode)];
    });
    const whole = embeddings.at(-1) as Float32Array;
    for (const some of embeddings) expect(some).toEqual(whole.slice(0, some.length));
    images.dispose();
    network.dispose();
  },
);
