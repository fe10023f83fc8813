import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';

covers(tf.UnsortedSegmentSum, tf.BatchMatMul, tf._FusedMatMul, tf.Tile, tf.LeakyRelu, tf.Identity);

// Before the backend starts, so the stock kernels behind ours are set up with it.
beforeAll(() => enableWasmTraining());

describe('unsortedSegmentSum', () => {
  test('rows of one segment add up, a row outside every segment is dropped', async () => {
    await tf.setBackend('wasm');
    const sums = tf.tidy(() =>
      tf
        .unsortedSegmentSum(
          tf.tensor2d([
            [1, 2],
            [10, 20],
            [100, 200],
            [1000, 2000],
          ]),
          tf.tensor1d([2, 0, 2, -1], 'int32'),
          4,
        )
        .arraySync(),
    );
    expect(sums).toEqual([
      [10, 20],
      [0, 0],
      [1 + 100, 2 + 200],
      [0, 0],
    ]);
  });

  test("gather's gradient along either axis, indices repeated", async () => {
    for (const axis of [0, 1]) {
      await expectSameOnWasm(`axis ${axis}`, () => {
        const x = normal('x', [4, 3, 2]);
        const indices = tf.tensor1d([2, 0, 2, 1, 2], 'int32');
        const gathered = (t: tf.Tensor) => {
          const rows = tf.gather(t, indices, axis);
          return tf.sum(tf.mul(rows, normal('weights', rows.shape)));
        };
        return [tf.grad(gathered)(x)];
      });
    }
  });
});

describe('matMul', () => {
  test('every pair of transposes, few and many rows, stacked and broadcast', async () => {
    const stacks: [number[], number[]][] = [
      [[], []],
      [[3], [3]],
      [[3], [1]],
      [[1, 1], [3]],
      [
        [2, 1],
        [1, 1, 1],
      ],
      [
        [2, 2],
        [2, 2],
      ],
    ];
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        for (const [rows, inner, columns] of [
          [2, 3, 40],
          [40, 3, 2],
          [1, 1, 1],
          [5, 9, 7],
        ]) {
          for (const [stackA, stackB] of stacks) {
            const what = JSON.stringify({
              transposeA,
              transposeB,
              rows,
              inner,
              columns,
              stackA,
              stackB,
            });
            await expectSameOnWasm(what, () => {
              const a = normal('a', [...stackA, ...(transposeA ? [inner, rows] : [rows, inner])]);
              const b = normal('b', [
                ...stackB,
                ...(transposeB ? [columns, inner] : [inner, columns]),
              ]);
              return [tf.matMul(a, b, transposeA, transposeB)];
            });
          }
        }
      }
    }
  });

  test('fused with bias and activation', async () => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        await expectSameOnWasm(JSON.stringify({ transposeA, transposeB }), () => {
          const a = normal('a', transposeA ? [3, 4] : [4, 3]);
          const b = normal('b', transposeB ? [5, 3] : [3, 5]);
          const bias = normal('bias', [5]);
          return [tf.fused.matMul({ a, b, transposeA, transposeB, bias, activation: 'relu' })];
        });
      }
    }
  });

  test('a bias by row is not taken for one by column', async () => {
    await tf.setBackend('wasm');
    const square = { a: normal('a', [3, 4]), b: normal('b', [4, 3]) };
    expect(() => tf.fused.matMul({ ...square, bias: tf.ones([3, 1]) })).toThrow('rank-1 bias');
  });
});

describe('tile', () => {
  test('every axis, one or several times, and types other than float32', async () => {
    const cases: [number[], number[]][] = [
      [[3], [5]],
      [
        [2, 3],
        [1, 4],
      ],
      [
        [2, 3],
        [7, 1],
      ],
      [
        [1, 1, 1, 4],
        [2, 3, 5, 1],
      ],
      [
        [2, 1, 3, 2],
        [3, 2, 1, 6],
      ],
      [
        [2, 3],
        [1, 1],
      ],
      [
        [2, 3],
        [0, 2],
      ],
    ];
    for (const [shape, reps] of cases) {
      await expectSameOnWasm(JSON.stringify({ shape, reps }), () => {
        const x = normal('x', shape);
        return [tf.tile(x, reps), tf.tile(tf.cast(tf.mul(x, 9), 'int32'), reps)];
      });
    }
  });
});

describe('leakyRelu', () => {
  test('zero, infinities and NaN as IEEE arithmetic has them', async () => {
    await tf.setBackend('wasm');
    const inputs = [-2, -0, 0, 3, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];
    const x = tf.tensor1d(inputs);
    const y = tf.leakyRelu(x, 0.25);
    expect(Array.from(y.dataSync())).toEqual(
      inputs.map((value) => (value > 0 ? value : value * 0.25)),
    );
    tf.dispose([x, y]);
  });

  test('forward and gradient, whole numbers too', async () => {
    await expectSameOnWasm('leakyRelu', () => {
      const x = normal('x', [2, 3, 3, 2]);
      const gradient = tf.grad((t: tf.Tensor) => tf.sum(tf.square(tf.leakyRelu(t, 0.1))));
      return [
        tf.leakyRelu(x, 0.1),
        gradient(x),
        tf.leakyRelu(tf.tensor1d([-5, 0, 5], 'int32'), 0.1),
      ];
    });
  });
});

describe('identity', () => {
  test('shares its values, which live as long as either tensor', async () => {
    await tf.setBackend('wasm');
    const buffers = tf.backend().numDataIds();
    const x = tf.tensor1d([1, 2, 3]);
    const twin = tf.clone(x);
    expect(tf.backend().numDataIds()).toBe(buffers + 1);
    x.dispose();
    expect(Array.from(twin.dataSync())).toEqual([1, 2, 3]);
    const words = tf.tidy(() => tf.clone(tf.tensor1d(['a', 'b'])));
    expect(words.dataSync()).toEqual(['a', 'b']);
    tf.dispose([twin, words]);
    expect(tf.backend().numDataIds()).toBe(buffers);
  });
});
