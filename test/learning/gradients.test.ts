import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gradientsOf } from '../../src/learning/gradients.js';
import { useBackend } from '../support/backends.js';

let weights: tf.Variable;
beforeEach(async () => {
  await useBackend('cpu');
  weights = tf.variable(tf.tensor1d([1, 2, 3]));
});
afterEach(() => weights.dispose());

const failing = (): never => {
  throw new Error('no way');
};

/** x, whose gradient cannot be computed. */
const withoutWayBack = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: failing,
}));

it('gives the loss and its gradient: of sum w^2, 2 w', () => {
  const { value, grads } = gradientsOf([weights], () => tf.sum(tf.square(weights)));
  expect(value.dataSync()[0]).toBe(14);
  expect(Array.from(grads[weights.name].dataSync())).toEqual([2, 4, 6]);
  tf.dispose([value, grads]);
});

it.each([
  [
    'forward',
    (): tf.Scalar => {
      tf.square(tf.exp(weights));
      return failing();
    },
  ],
  ['backward', () => tf.sum(tf.square(tf.exp(withoutWayBack(tf.square(weights))))) as tf.Scalar],
])('leaves no tensor where the %s pass throws, and works afterwards', (_, loss) => {
  const before = tf.memory().numTensors;
  expect(() => gradientsOf([weights], loss)).toThrow('no way');
  expect(tf.memory().numTensors).toBe(before);
  const { value, grads } = gradientsOf([weights], () => tf.sum(tf.square(weights)));
  expect(Array.from(grads[weights.name].dataSync())).toEqual([2, 4, 6]);
  tf.dispose([value, grads]);
  expect(tf.memory().numTensors).toBe(before);
});
