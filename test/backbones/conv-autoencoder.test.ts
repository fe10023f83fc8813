import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convAutoencoder } from '../../src/backbones/conv-autoencoder.js';
import { useBackend } from '../support/backends.js';
import { backboneConformance, images } from './conformance.js';

backboneConformance('convAutoencoder 28x28', () =>
  convAutoencoder({ inputShape: [28, 28, 1], embeddingSize: 20, seed: 3 }),
);
backboneConformance('convAutoencoder 48x40, bilinear, two convolutions a level', () =>
  convAutoencoder({
    inputShape: [48, 40, 1],
    embeddingSize: 12,
    channels: [4, 6, 8],
    convsPerLevel: 2,
    upsampling: 'bilinear',
    outputActivation: 'tanh',
  }),
);
backboneConformance('convAutoencoder 21x13 in colour, from features', () =>
  convAutoencoder({
    inputShape: [21, 13, 3],
    embeddingSize: 5,
    channels: [4, 6],
    decodeFrom: 'features',
    outputActivation: 'sigmoid',
  }),
);
backboneConformance('convAutoencoder 32x32', () => convAutoencoder({ inputShape: [32, 32, 1] }), [
  'wasm',
]);
backboneConformance('convAutoencoder 64x64', () => convAutoencoder({ inputShape: [64, 64, 1] }), [
  'wasm',
]);

describe('convAutoencoder', () => {
  beforeAll(() => useBackend('wasm'));

  it.each([
    { side: 28, channels: [16, 32, 64] },
    { side: 64, channels: [16, 32, 64] },
    { side: 65, channels: [16, 32, 64, 128, 256] },
    { side: 128, channels: [16, 32, 64, 128, 256] },
    { side: 256, channels: [16, 32, 64, 128, 256, 512] },
    { side: 512, channels: [16, 32, 64, 128, 256, 512] },
  ])('has $channels channels at $side pixels', ({ side, channels }) => {
    const backbone = convAutoencoder({ inputShape: [side, 8, 1], embeddingSize: 2 });
    expect(backbone.config.channels).toEqual(channels);
    backbone.dispose();
  });

  it.each([[[128, 128, 1]], [[256, 256, 1]], [[1, 1, 1]], [[7, 30, 2]]] as const)(
    'reconstructs %j',
    (inputShape) => {
      const backbone = convAutoencoder({ inputShape });
      const batch = images(1, inputShape);
      const decoded = tf.tidy(() => backbone.decode?.(backbone.encode(batch, false), false));
      expect(decoded?.shape).toEqual([1, ...inputShape]);
      expect(decoded?.dataSync().every(Number.isFinite)).toBe(true);
      tf.dispose([batch, decoded]);
      backbone.dispose();
    },
  );

  it('shows the map after each level, the last of which the embedding is projected from', () => {
    const backbone = convAutoencoder({
      inputShape: [12, 8, 1],
      channels: [2, 3],
      convsPerLevel: 2,
      embeddingSize: 4,
    });
    const { shapes, projected, embeddings } = tf.tidy(() => {
      const { maps = [], ...encoded } = backbone.encode(images(2, [12, 8, 1]), false);
      const [weights, bias] = backbone.trainable.slice(12, 14);
      const flat = tf.reshape(maps[1], [2, 3 * 2 * 3]);
      const linear = tf.add(tf.matMul(flat, weights as tf.Variable<tf.Rank.R2>), bias);
      return {
        shapes: maps.map(({ shape }) => shape),
        projected: tf.div(linear, tf.norm(linear, 2, 1, true)).arraySync() as number[][],
        embeddings: encoded.embeddings.arraySync(),
      };
    });
    expect(shapes).toEqual([
      [2, 6, 4, 2],
      [2, 3, 2, 3],
    ]);
    embeddings.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(projected.flat()[i], 5);
    });
    backbone.dispose();
  });

  it('counts its weights as the layers say', () => {
    const backbone = convAutoencoder({ inputShape: [4, 4, 1], embeddingSize: 5, channels: [2, 3] });
    const encoder = 3 * 3 * 1 * 2 + 2 * 2 + (3 * 3 * 2 * 3 + 2 * 3);
    const projection = 1 * 1 * 3 * 5 + 5;
    const expansion = 5 * (1 * 1 * 3) + 2 * 3;
    const decoder = 4 * 4 * 3 * 2 + 2 * 2 + (4 * 4 * 2 * 1 + 1);
    const sum = backbone.trainable.reduce((count, variable) => count + variable.size, 0);
    expect(sum).toBe(encoder + projection + expansion + decoder);
    backbone.dispose();
  });

  it('starts elsewhere with another seed', () => {
    const [a, b] = [0, 1].map((seed) => convAutoencoder({ inputShape: [8, 8, 1], seed }));
    expect(a.trainable[0].dataSync()).not.toEqual(b.trainable[0].dataSync());
    a.dispose();
    b.dispose();
  });

  it('takes an undefined option for one left out', () => {
    const backbone = convAutoencoder({ inputShape: [8, 8, 1], embeddingSize: undefined });
    expect(backbone.embeddingSize).toBe(200);
    backbone.dispose();
  });

  it.each([
    [{ inputShape: [8, 8] }, 'INVALID_OPTION'],
    [{ inputShape: [8, 8, 1], embedingSize: 3 }, "Did you mean 'embeddingSize'"],
    [{ inputShape: [8, 8, 1], channels: [] }, 'INVALID_OPTION'],
    [{ inputShape: [8, 8, 1], channels: [2.5] }, 'INVALID_OPTION'],
    [{ inputShape: [8, 8, 1], activationSlope: -0.1 }, 'INVALID_OPTION'],
    [{ inputShape: [8, 8, 1], upsampling: 'nearest' }, "'transpose' or 'bilinear'"],
  ])('refuses %j', (options, message) => {
    expect(() => convAutoencoder(options as never)).toThrow(message);
  });

  it('says what decode lacks', () => {
    const backbone = convAutoencoder({ inputShape: [8, 8, 1], decodeFrom: 'features' });
    const embeddings = tf.zeros<tf.Rank.R2>([1, 200]);
    expect(() => backbone.decode?.({ embeddings }, false)).toThrow('given no features');
    embeddings.dispose();
    backbone.dispose();
  });
});
