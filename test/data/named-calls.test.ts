import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { arraySource, inspectImages, npzSource, tensorSource } from '../../src/data/index.js';
import '@tensorflow/tfjs-backend-cpu';

const damaged = {
  length: 1,
  ids: ['film 1'],
  read: async () => ({ pixels: Float32Array.of(2), shape: [1, 1, 1] as const }),
};

it.each<[string, () => unknown]>([
  ['npzSource', () => npzSource(new Uint8Array(9), { split: 'train' })],
  ['npzSource', () => npzSource(new Uint8Array(9), { split: 'valid' as 'val' })],
  ['tensorSource', () => tensorSource(tf.zeros([2, 1, 1, 1]), { labels: [0] })],
  ['arraySource', () => arraySource({ pixels: new Uint8Array(2), shape: [1, 1, 1], labels: [0] })],
  ["inspectImages: image 'film 1'", () => inspectImages(damaged)],
])('%s is what its errors name', async (where, call) => {
  await tf.setBackend('cpu');
  const message = await Promise.resolve()
    .then(call)
    .then(String, (error: Error) => error.message);
  expect(message).toMatch(new RegExp(`^(\\[salad-ad\\] )?${where}`));
});
