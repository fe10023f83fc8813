import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  arraySource,
  fileSource,
  imagePreparation,
  inspectImages,
  npzSource,
  tensorSource,
} from '../../src/data/index.js';
import { asSource } from '../../src/learning/as-source.js';
import '@tensorflow/tfjs-backend-cpu';

const damaged = {
  length: 1,
  ids: ['film 1'],
  read: async () => ({ pixels: Float32Array.of(2), shape: [1, 1, 1] as const }),
};

const typo = { label: [0] } as object;

it.each<[string, () => unknown]>([
  ['npzSource', () => npzSource(new Uint8Array(9), { split: 'train' })],
  ['npzSource', () => npzSource(new Uint8Array(9), { split: 'valid' as 'val' })],
  ['tensorSource', () => tensorSource(tf.zeros([2, 1, 1, 1]), { labels: [0] })],
  ['arraySource', () => arraySource({ pixels: new Uint8Array(2), shape: [1, 1, 1], labels: [0] })],
  ['SaladModel.fit', () => asSource('SaladModel.fit', tf.zeros([2, 2]) as unknown as tf.Tensor4D)],
  ['SaladModel.fit', () => asSource('SaladModel.fit', tf.tensor4d([300], [1, 1, 1, 1], 'int32'))],
  ['fileSource', () => fileSource([new File([], 'a.png')])],
  ["tensorSource: unknown option 'label'", () => tensorSource(tf.zeros([1, 1, 1, 1]), typo)],
  [
    "arraySource: unknown option 'label'",
    () => arraySource({ pixels: new Uint8Array(1), shape: [1, 1, 1], ...typo }),
  ],
  // A second argument is no name for its errors.
  ['imagePreparation', () => Reflect.apply(imagePreparation, null, [{}, 'mine'])],
  ["inspectImages: image 'film 1'", () => inspectImages(damaged)],
])('%s is what its errors name', async (where, call) => {
  await tf.setBackend('cpu');
  const message = await Promise.resolve()
    .then(call)
    .then(String, (error: Error) => error.message);
  expect(message).toMatch(new RegExp(`^(\\[salad-ad\\] )?${where}`));
});
