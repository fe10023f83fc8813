import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  aggregationLoss,
  angularScore,
  bankAngles,
  latentLoss,
  relativeScore,
  saladLoss,
} from '../../src/index.js';
import { useBackend } from '../support/backends.js';

beforeAll(() => useBackend('cpu'));

// biome-ignore lint/suspicious/noExplicitAny: values that no type allows
const any = (value: unknown) => value as any;
const rows = () => tf.tensor2d([1, 0, 0, 1], [2, 2]);
const losses = { rows: [0, 1], neighbors: [[1], [0]] };

it.each<[name: string, code: string, call: () => unknown]>([
  ['relativeScore', 'INVALID_OPTION', () => relativeScore(any({}))],
  ['relativeScore', 'INVALID_OPTION', () => relativeScore(any(undefined))],
  ['angularScore', 'INVALID_OPTION', () => angularScore(any({}))],
  ['saladLoss', 'UNKNOWN_OPTION', () => saladLoss(any({ latent: tf.tensor1d([1]), foo: 1 }))],
  ['saladLoss', 'INVALID_OPTION', () => saladLoss(any({ latent: 5 }))],
  ['saladLoss', 'INVALID_OPTION', () => saladLoss(any(undefined))],
  [
    'aggregationLoss',
    'INVALID_OPTION',
    () => aggregationLoss(rows(), rows(), { ...losses, includeSelf: any('no') }),
  ],
  ...[{ includeSelf: any('no') }, { overlap: any('x') }].map(
    (wrong): [string, string, () => unknown] => [
      'latentLoss',
      'INVALID_OPTION',
      () => latentLoss(rows(), rows(), { ...losses, anchors: [false, false], ...wrong }),
    ],
  ),
  ['bankAngles', 'INDEX_OUT_OF_RANGE', () => bankAngles(rows(), rows(), { ownRows: [-0.5, 1] })],
  ['bankAngles', 'INDEX_OUT_OF_RANGE', () => bankAngles(rows(), rows(), { ownRows: [-2, 1] })],
  ['bankAngles', 'INVALID_OPTION', () => bankAngles(rows(), rows(), { onWarning: any(5) })],
])('%s: %s', (name, code, call) => {
  expect(() => tf.tidy(() => void call())).toThrow(new RegExp(`^${name}: .*\\[${code}\\]$`));
});
