import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers(tf.Slice);

beforeAll(() => enableWasmTraining());

type Case = [shape: number[], begin: number[], size: number[]];

const CASES: Case[] = [
  [[7], [2], [3]],
  [
    [5, 4],
    [1, 0],
    [3, -1],
  ],
  [
    [5, 4],
    [1, 1],
    [3, 2],
  ],
  [
    [5, 40],
    [2, 3],
    [3, 36],
  ],
  [
    [3, 4, 5],
    [0, 1, 2],
    [3, 2, 2],
  ],
  [
    [3, 4, 5],
    [1, 0, 0],
    [1, 4, 5],
  ],
  [
    [2, 7, 6, 3],
    [0, 0, 0, 0],
    [-1, 6, 5, -1],
  ],
  [
    [2, 7, 6, 3],
    [1, 2, 3, 1],
    [1, 2, 2, 1],
  ],
  [
    [2, 3, 4, 2, 3],
    [1, 1, 1, 0, 0],
    [1, 2, 2, 2, 3],
  ],
  [
    [2, 3, 4, 2, 3],
    [1, 1, 1, 0, 1],
    [1, 2, 2, 2, 2],
  ],
  [
    [4, 3],
    [1, 0],
    [0, 3],
  ],
];

const sliced = ([shape, begin, size]: Case) => {
  const x = normal('x', shape);
  return [tf.slice(x, begin, size), tf.slice(tf.cast(tf.mul(x, 99), 'int32'), begin, size)];
};

describe('slice', () => {
  test('every rank, parts of every axis, whole numbers', async () => {
    for (const c of CASES) await expectSameOnWasm(JSON.stringify(c), () => sliced(c));
    await expectSameOnWasm('yes and no', () => [tf.slice(tf.tensor1d([true, false]), 1)]);
  });

  test('nothing is written outside', async () => {
    await expectInBounds(() => CASES.slice(0, -2).flatMap(sliced));
  });
});
