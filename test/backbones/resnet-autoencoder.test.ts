import { beforeAll, describe, expect, it } from 'vitest';
import { resnetAutoencoder } from '../../src/backbones/resnet-autoencoder.js';
import { useBackend } from '../support/backends.js';
import { backboneConformance } from './conformance.js';

const narrow = { embeddingSize: 10, width: 3, seed: 5 } as const;

backboneConformance('resnetAutoencoder', () =>
  resnetAutoencoder({ ...narrow, inputShape: [32, 32, 1] }),
);
backboneConformance(
  'resnetAutoencoder from features, 36x50 in colour',
  () => resnetAutoencoder({ ...narrow, inputShape: [36, 50, 3], decodeFrom: 'features' }),
  ['wasm'],
);
backboneConformance(
  'resnetAutoencoder 150x100, where the first map is doubled twice',
  () => resnetAutoencoder({ ...narrow, width: 2, inputShape: [150, 100, 1] }),
  ['wasm'],
);

describe('resnetAutoencoder', () => {
  beforeAll(() => useBackend('wasm'));

  it('has the weights of ResNet-18 in its encoder', () => {
    const backbone = resnetAutoencoder({ inputShape: [16, 16, 3] });
    const convolution = (side: number, from: number, to: number) =>
      side * side * from * to + 2 * to;
    const stage = (from: number, to: number) =>
      convolution(3, from, to) +
      3 * convolution(3, to, to) +
      (from === to ? 0 : convolution(1, from, to));
    const resnet18 =
      convolution(7, 3, 64) + stage(64, 64) + stage(64, 128) + stage(128, 256) + stage(256, 512);
    expect(resnet18).toBe(11_689_512 - (512 * 1000 + 1000)); // torchvision's count, less its classifier
    // 20 convolutions, each with scale and offset, come before the projection.
    const encoder = backbone.trainable.slice(0, 3 * 20);
    expect(encoder.reduce((count, variable) => count + variable.size, 0)).toBe(resnet18);
    backbone.dispose();
  });

  it('refuses what it does not know', () => {
    expect(() => resnetAutoencoder({ inputShape: [8, 8, 1], depth: 34 } as never)).toThrow(
      'UNKNOWN_OPTION',
    );
    expect(() => resnetAutoencoder({ inputShape: [8, 8, 1], width: 0 })).toThrow('INVALID_OPTION');
  });
});
