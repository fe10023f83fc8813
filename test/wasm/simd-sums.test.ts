import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm, withoutSimd } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers(tf.Sum, tf.Mean);

beforeAll(() => enableWasmTraining());

/** Few and many columns, rows that fill no run, axes that are not side by side, none at all. */
const CASES: [shape: number[], axis: number[] | undefined][] = [
  [[5], undefined],
  [[], undefined],
  [[3, 4], []],
  [[3, 1000], [1]],
  [[1000, 3], [0]],
  [[777, 5], [0]],
  [[130, 48], [0]],
  [[70, 67], [0]],
  [[3, 1500], [0]],
  [[2, 131, 1030], [1]],
  [
    [2, 9, 17, 3],
    [0, 1, 2],
  ],
  [
    [2, 9, 17, 3],
    [1, 2],
  ],
  [[2, 9, 17, 3], [-1]],
  [
    [2, 9, 17, 3],
    [0, 2],
  ],
  [
    [4, 3, 2, 5, 2],
    [4, 0, 2],
  ],
  [[1, 200, 200, 1], undefined],
  [[2, 3, 1], [2]],
];

const of = ([shape, axis]: (typeof CASES)[number]) => {
  const x = tf.add(normal('x', shape), 0.5);
  return [
    ...[false, true].flatMap((keepDims) => [tf.sum(x, axis, keepDims), tf.mean(x, axis, keepDims)]),
    ...(shape.length > 0 ? [tf.grad((v) => tf.sum(tf.square(tf.mean(v, axis))))(x)] : []),
  ];
};

describe('sums on SIMD', () => {
  test.each(CASES.map((one) => [JSON.stringify(one), one] as const))(
    'as on cpu, and nothing is written outside: %s',
    async (name, one) => {
      await expectSameOnWasm(name, () => of(one));
      await expectInBounds(() => of(one));
    },
  );

  test('of whole numbers and truth values, as on cpu', async () => {
    await expectSameOnWasm('int32 and bool', () => [
      tf.sum(tf.range(0, 300, 1, 'int32')),
      tf.mean(tf.range(0, 300, 1, 'int32')),
      tf.sum(tf.greater(tf.range(0, 300), 100)),
    ]);
  });

  test('over nothing: a sum of 0, a mean that is no number', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const empty = tf.zeros([2, 0]);
      expect([...tf.sum(empty, 1).dataSync()]).toEqual([0, 0]);
      expect([...tf.mean(empty, 1).dataSync()]).toEqual([Number.NaN, Number.NaN]);
      expect(tf.sum(tf.zeros([0, 3]), 1).shape).toEqual([0]);
    });
  });

  test('NaN and infinity come through', async () => {
    await tf.setBackend('wasm');
    const sums = () =>
      tf.tidy(() => {
        const x = tf.buffer([4, 300]);
        x.set(Number.NaN, 0, 299);
        x.set(Number.POSITIVE_INFINITY, 1, 7);
        x.set(1, 2, 0);
        return [tf.sum(x.toTensor(), 1), tf.mean(tf.transpose(x.toTensor()), 0)].map((sum) => [
          ...sum.dataSync(),
        ]);
      });
    const expected = [
      [Number.NaN, Number.POSITIVE_INFINITY, 1, 0],
      [Number.NaN, Number.POSITIVE_INFINITY, Math.fround(1 / 300), 0],
    ];
    expect(sums()).toEqual(expected);
    const [composed] = await withoutSimd(async () => sums());
    expect(composed).toEqual(expected[0]);
  });

  // A float32 that 0.1 is added to 2^25 times ends at 2097152, a mean of 0.0625.
  test('of 2^25 equal values, to 1e-6', async () => {
    await tf.setBackend('wasm');
    const size = 2 ** 25;
    const relative = () =>
      tf.tidy(() => {
        const x = tf.fill([2 ** 12, 2 ** 13], 0.1);
        const value = Math.fround(0.1);
        const errors = [
          tf.sum(x).dataSync()[0] / (value * size) - 1,
          tf.mean(x).dataSync()[0] / value - 1,
        ];
        return Math.max(...errors.map(Math.abs));
      });
    expect(relative()).toBeLessThan(1e-6);
    expect(await withoutSimd(async () => relative())).toBeLessThan(1e-5);
  });
});
