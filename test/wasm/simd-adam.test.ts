import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Adam } from '../../src/learning/adam.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladAdam');

beforeAll(() => enableWasmTraining());

const SHAPES = [[1], [3], [4], [17], [3, 3, 2, 5]];

/** Variables and moments after three steps. */
function stepped(shape: number[], weightDecay: number): tf.Tensor[] {
  const variable = tf.variable(normal('variable', shape));
  const options = { learningRate: 0.01, beta1: 0.5, beta2: 0.999, weightDecay };
  const adam = new Adam([variable], options);
  for (let step = 0; step < 3; step++)
    adam.apply({ [variable.name]: normal(`gradient ${step}`, shape) });
  const values = [variable, ...adam.moments[0]].map((held) => tf.add(held, 0));
  adam.dispose();
  variable.dispose();
  return values;
}

describe('Adam on SIMD', () => {
  test.each(SHAPES.map((shape) => [shape]))('as composed, [%s]', async (shape) => {
    for (const weightDecay of [0, 0.1])
      await expectSameOnWasm(`decay ${weightDecay}`, () => stepped(shape, weightDecay));
  });

  test.each(SHAPES.map((shape) => [shape]))('nothing is written outside, [%s]', async (shape) => {
    await expectInBounds(() => stepped(shape, 0.1));
  });

  test('a gradient that is NaN spoils its own weight only', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const variable = tf.variable(tf.ones([9]));
      const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, weightDecay: 0 };
      const adam = new Adam([variable], options);
      const gradient = tf.tensor1d([1, 1, 1, Number.NaN, 1, 1, 1, 1, Number.NaN]);
      adam.apply({ [variable.name]: gradient });
      expect(Array.from(variable.dataSync(), Number.isNaN)).toEqual(
        Array.from(gradient.dataSync(), Number.isNaN),
      );
      adam.dispose();
      variable.dispose();
    });
  });
});
