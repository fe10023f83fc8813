import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Adam, type AdamOptions } from '../../src/learning/adam.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';

const EPSILON = 1e-7; // tfjs's on a float32 device

/** Kingma & Ba, algorithm 1, in float64, with an L2 penalty added to the gradient. */
function naive(start: number[], gradients: number[][], options: AdamOptions): number[] {
  const { learningRate, beta1, beta2, weightDecay } = options;
  const values = [...start];
  const mean = start.map(() => 0);
  const square = start.map(() => 0);
  gradients.forEach((gradient, step) => {
    gradient.forEach((raw, i) => {
      const g = raw + weightDecay * values[i];
      mean[i] = beta1 * mean[i] + (1 - beta1) * g;
      square[i] = beta2 * square[i] + (1 - beta2) * g * g;
      const meanHat = mean[i] / (1 - beta1 ** (step + 1));
      const squareHat = square[i] / (1 - beta2 ** (step + 1));
      values[i] -= (learningRate * meanHat) / (Math.sqrt(squareHat) + EPSILON);
    });
  });
  return values;
}

const random = new RandomStream(4);
const start = Array.from({ length: 6 }, () => random.gaussian());
const gradients = Array.from({ length: 40 }, () =>
  start.map((_, i) => random.gaussian() * 10 ** -i),
);
const settings: [string, AdamOptions][] = [
  ['the defaults', { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, weightDecay: 0 }],
  ["the paper's", { learningRate: 1e-4, beta1: 0.5, beta2: 0.999, weightDecay: 0 }],
  ['weight decay', { learningRate: 0.01, beta1: 0.9, beta2: 0.99, weightDecay: 0.1 }],
];

function step(adam: Adam, variable: tf.Variable, gradient: number[]): void {
  const tensor = tf.tensor1d(gradient);
  adam.apply({ [variable.name]: tensor });
  tensor.dispose();
}

describeOnBackends('Adam', () => {
  it.each(settings)('equals the algorithm in float64: %s', async (_, options) => {
    await expectNoLeak(() => {
      const variable = tf.tidy(() => tf.variable(tf.tensor1d(start)));
      const adam = new Adam([variable], options);
      for (const gradient of gradients) step(adam, variable, gradient);
      const expected = naive(start, gradients, options);
      const moved = Array.from(variable.dataSync());
      for (const [i, value] of expected.entries())
        expect(Math.abs(moved[i] - value), `[${i}]`).toBeLessThan(
          2e-5 * Math.abs(value - start[i]) + 1e-6,
        );
      expect(adam.steps).toBe(40);
      adam.dispose();
      variable.dispose();
    });
  });

  it('goes on to the bit from its steps and moments alone', async () => {
    await expectNoLeak(() => {
      const options = settings[0][1];
      const whole = tf.tidy(() => tf.variable(tf.tensor1d(start)));
      const part = tf.tidy(() => tf.variable(tf.tensor1d(start)));
      const adam = new Adam([whole], options);
      const before = new Adam([part], options);
      for (const gradient of gradients) step(adam, whole, gradient);
      for (const gradient of gradients.slice(0, 17)) step(before, part, gradient);
      const after = new Adam([part], options);
      after.steps = before.steps;
      after.moments[0].forEach((moment, i) => {
        moment.assign(before.moments[0][i]);
      });
      for (const gradient of gradients.slice(17)) step(after, part, gradient);
      expect(part.dataSync()).toEqual(whole.dataSync());
      for (const one of [adam, before, after, whole, part]) one.dispose();
    });
  });

  it('leaves a variable without a gradient, and its moments, as they are', async () => {
    await expectNoLeak(() => {
      const [moved, still] = [0, 1].map(() => tf.tidy(() => tf.variable(tf.tensor1d([1, 2]))));
      const adam = new Adam([moved, still], { ...settings[2][1] });
      step(adam, moved, [1, -1]);
      expect(Array.from(still.dataSync())).toEqual([1, 2]);
      expect(Array.from(adam.moments[1][0].dataSync())).toEqual([0, 0]);
      expect(Array.from(moved.dataSync())).not.toEqual([1, 2]);
      for (const one of [adam, moved, still]) one.dispose();
    });
  });
});

describe('Adam, arithmetic spelt out', () => {
  it('moves by the learning rate in the first step, whatever the gradient', () => {
    for (const gradient of [3, -0.002])
      expect(naive([1], [[gradient]], settings[0][1])[0]).toBeCloseTo(
        1 - 1e-3 * Math.sign(gradient),
        6,
      );
  });
});
