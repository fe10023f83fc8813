import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { backboneFromConfig } from '../../src/backbones/from-config.js';
import { layersBackbone } from '../../src/backbones/layers-backbone.js';
import { useBackend } from '../support/backends.js';
import { backboneConformance } from './conformance.js';

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
      'hand over a backbone of your own',
    );
    expect(tf.getBackend()).toBe('cpu');
  });
});
