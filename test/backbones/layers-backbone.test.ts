import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { backboneFromConfig } from '../../src/backbones/from-config.js';
import { layersBackbone } from '../../src/backbones/layers-backbone.js';
import { useBackend } from '../support/backends.js';
import { backboneConformance, images } from './conformance.js';

const drawn = (seed: number) => layers.initializers.glorotNormal({ seed });

function encoder(): layers.LayersModel {
  return layers.sequential({
    layers: [
      layers.layers.conv2d({
        inputShape: [12, 10, 1],
        filters: 4,
        kernelSize: 3,
        strides: 2,
        useBias: false,
        kernelInitializer: drawn(1),
      }),
      layers.layers.batchNormalization(),
      layers.layers.leakyReLU({ alpha: 0.1 }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 6, kernelInitializer: drawn(2) }),
    ],
  });
}

function decoder(): layers.LayersModel {
  return layers.sequential({
    layers: [
      layers.layers.dense({ inputShape: [6], units: 120, kernelInitializer: drawn(3) }),
      layers.layers.reshape({ targetShape: [12, 10, 1] }),
    ],
  });
}

backboneConformance('layersBackbone', () =>
  layersBackbone({ encoder: encoder(), decoder: decoder() }),
);
backboneConformance('layersBackbone, an encoder alone', () =>
  layersBackbone({ encoder: encoder() }),
);
backboneConformance('layersBackbone, with maps', () => {
  const model = encoder();
  return layersBackbone({ encoder: model, maps: [model.layers[2].name] });
});

describe('layersBackbone', () => {
  beforeAll(() => useBackend('cpu'));

  it('keeps a frozen layer out of training', () => {
    const model = encoder();
    model.layers[0].trainable = false;
    const backbone = layersBackbone({ encoder: model });
    expect(backbone.trainable.map((variable) => variable.shape)).toEqual([[4], [4], [80, 6], [6]]);
    expect(backbone.statistics.map((variable) => variable.shape)).toEqual([[3, 3, 1, 4], [4], [4]]);
    backbone.dispose();
  });

  it('shows the maps of named layers, and makes nothing but them', () => {
    const model = encoder();
    const [first, , third, flatten] = model.layers;
    const shown = layersBackbone({ encoder: model, maps: [first.name, third.name] });
    const plain = layersBackbone({ encoder: model });
    const batch = images(2, [12, 10, 1]);
    tf.tidy(() => {
      const began = tf.memory().numTensors;
      const without = plain.encode(batch, false);
      const between = tf.memory().numTensors;
      const { maps = [], embeddings } = shown.encode(batch, false);
      expect(tf.memory().numTensors - between).toBe(between - began + 2);
      expect(without.maps).toBeUndefined();
      expect(embeddings.dataSync()).toEqual(without.embeddings.dataSync());
      expect(maps.map(({ shape }) => shape)).toEqual([
        [2, 5, 4, 4],
        [2, 5, 4, 4],
      ]);
      expect(maps[0].dataSync()).toEqual((first.apply(batch) as tf.Tensor).dataSync());
      const ends = model.layers[4].apply(flatten.apply(maps[1]) as tf.Tensor) as tf.Tensor2D;
      const lengths = tf.norm(ends, 2, 1, true);
      tf.div(ends, lengths)
        .dataSync()
        .forEach((value, i) => {
          expect(embeddings.dataSync()[i]).toBeCloseTo(value, 6);
        });
    });
    expect(() => layersBackbone({ encoder: model, maps: ['conv9'] })).toThrow("names 'conv9'");
    expect(() => layersBackbone({ encoder: model, maps: [flatten.name] })).toThrow('no map');
    expect(() => layersBackbone({ encoder: model, maps: [] })).toThrow('empty array');
    expect(() => layersBackbone({ encoder: model, maps: 'conv' as never })).toThrow('maps');
    batch.dispose();
    plain.dispose();
  });

  it('refuses models that do not fit', () => {
    const dense = (inputShape: number[], units: number) =>
      layers.sequential({ layers: [layers.layers.dense({ inputShape, units })] });
    expect(() => layersBackbone({ encoder: dense([5], 3) })).toThrow('height, width, channels');
    expect(() => layersBackbone({ encoder: encoder(), decoder: dense([7], 3) })).toThrow(
      'decoder takes [batch, 7]; expected [batch, 6]',
    );
    expect(() => layersBackbone({ encoder: encoder(), decoders: 1 } as never)).toThrow(
      "Did you mean 'decoder'",
    );
  });

  it('is the only kind of stranger that a config can hold', async () => {
    await expect(backboneFromConfig({ kind: 'mine' })).rejects.toThrow(
      'give a backbone of your own',
    );
    expect(tf.getBackend()).toBe('cpu');
  });
});
