import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers(tf.ClipByValue, tf.Relu, tf.Relu6, tf.Maximum, tf.Minimum);

beforeAll(() => enableWasmTraining());

const SHAPES: [a: number[], b: number[]][] = [
  [[1], [1]],
  [[7], [7]],
  [[3, 5], []],
  [[], [3, 5]],
  [[2, 3, 4], [4]],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [[0], [1]],
];

const of = ([a, b]: (typeof SHAPES)[number]) => {
  const [u, v] = [tf.mul(normal('a', a), 5), tf.mul(normal('b', b), 5)];
  return [tf.clipByValue(u, -2, 3), tf.relu(u), tf.relu6(u), tf.maximum(u, v), tf.minimum(u, v)];
};

describe('clip, relu, relu6, maximum and minimum on SIMD', () => {
  test.each(SHAPES)('as on cpu, and nothing is written outside: %j, %j', async (...shapes) => {
    await expectSameOnWasm('extremes', () => of(shapes));
    await expectInBounds(() => of(shapes));
  });

  test('whole numbers stay whole numbers', async () => {
    await expectSameOnWasm('int32', () => [
      tf.maximum(tf.tensor1d([1, 5], 'int32'), tf.scalar(3, 'int32')),
    ]);
  });

  test('NaN stays NaN, on either side', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      // Nine values: two vectors, and one that fills none.
      const broken = tf.tensor1d([...Array(8).fill(Number.NaN), Number.NaN]);
      const one = tf.ones([9]);
      for (const result of [
        tf.clipByValue(broken, -1, 1),
        ...[broken, tf.neg(broken), tf.div(tf.zeros([9]), tf.zeros([9]))].flatMap((x) => [
          tf.relu(x),
          tf.relu6(x),
          ...(['relu', 'relu6'] as const).map((activation) =>
            tf.fused.matMul({ a: tf.reshape(x, [9, 1]), b: tf.ones([1, 2]), activation }),
          ),
        ]),
        ...[tf.maximum, tf.minimum].flatMap((extreme) => [
          extreme(broken, one),
          extreme(one, broken),
          extreme(tf.scalar(1), broken),
          extreme(one, tf.scalar(Number.NaN)),
        ]),
      ])
        expect(result.dataSync().every(Number.isNaN)).toBe(true);
    });
  });
});
