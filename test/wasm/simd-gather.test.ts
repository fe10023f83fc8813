import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers(tf.GatherV2);

beforeAll(() => enableWasmTraining());

const all = () => {
  const x = normal('x', [4, 3, 5]);
  const indices = tf.tensor1d([2, 0, 2, 1], 'int32');
  const matrix = tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32');
  return [
    ...[0, 1, 2, -1].flatMap((axis) => [indices, matrix].map((at) => tf.gather(x, at, axis))),
    tf.gather(x, tf.tensor1d([], 'int32')),
    tf.gather(tf.cast(tf.mul(x, 9), 'int32'), indices),
  ];
};

describe('gather', () => {
  test('every axis, repeated indices, none, whole numbers', async () => {
    await expectSameOnWasm('gather', all);
  });

  test('nothing is written outside', async () => {
    await expectInBounds(all);
  });

  test('an index outside of the axis is the stock error, and leaves nothing behind', async () => {
    await tf.setBackend('wasm');
    for (const outside of [-1, 4]) {
      const buffers = tf.backend().numDataIds();
      expect(() =>
        tf.tidy(() => tf.gather(normal('x', [4, 3]), tf.tensor1d([0, outside], 'int32'))),
      ).toThrowError(/index/);
      expect(tf.backend().numDataIds()).toBe(buffers);
    }
  });
});
