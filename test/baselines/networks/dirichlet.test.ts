import { expect, it } from 'vitest';
import {
  digamma,
  fitDirichlet,
  inverseDigamma,
} from '../../../src/baselines/networks/dirichlet.js';
import { RandomStream } from '../../../src/support/random.js';

const EULER = 0.5772156649015329;

it('digamma has the values that are known', () => {
  expect(digamma(1)).toBeCloseTo(-EULER, 11);
  expect(digamma(0.5)).toBeCloseTo(-EULER - 2 * Math.log(2), 11);
  expect(digamma(1 / 4)).toBeCloseTo(-EULER - Math.PI / 2 - 3 * Math.log(2), 11);
  for (const x of [0.01, 0.7, 3, 9.99, 10, 1000])
    expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 10);
});

it.each([0.01, 0.1, 0.6, 1, 2.5, 40, 1e4])('digamma is inverted at %s', (x) => {
  expect(inverseDigamma(digamma(x)) / x).toBeCloseTo(1, 9);
});

it('meets the condition for the likeliest density', () => {
  const meanLogs = [-0.4, -1.5, -3, -12];
  const alphas = fitDirichlet(meanLogs);
  const common = digamma(alphas.reduce((sum, alpha) => sum + alpha, 0));
  alphas.forEach((alpha, k) => {
    expect(digamma(alpha) - common).toBeCloseTo(meanLogs[k], 6);
  });
});

it('finds the density that observations were drawn from', () => {
  const truth = [1, 2, 5];
  const random = new RandomStream(1, ['dirichlet']);
  // A gamma variable of whole shape is a sum of exponential ones.
  const gamma = (shape: number) =>
    Array.from({ length: shape }, () => -Math.log(1 - random.uniform())).reduce((a, b) => a + b, 0);
  const sums = [0, 0, 0];
  const count = 20000;
  for (let i = 0; i < count; i++) {
    const parts = truth.map(gamma);
    const total = parts.reduce((a, b) => a + b, 0);
    parts.forEach((part, k) => {
      sums[k] += Math.log(part / total);
    });
  }
  const alphas = fitDirichlet(sums.map((sum) => sum / count));
  truth.forEach((alpha, k) => {
    expect(alphas[k] / alpha).toBeCloseTo(1, 1);
  });
});
