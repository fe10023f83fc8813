import { describe, expect, it } from 'vitest';
import {
  averagePathLength,
  isolationForestMethod,
} from '../../../src/baselines/vector-methods/isolation-forest.js';
import { localOutlierFactorMethod } from '../../../src/baselines/vector-methods/local-outlier-factor.js';
import { oneClassSvmMethod } from '../../../src/baselines/vector-methods/one-class-svm.js';
import { solveOneClass } from '../../../src/baselines/vector-methods/one-class-svm-solver.js';
import type { VectorMethod, Vectors } from '../../../src/baselines/vector-methods/vectors.js';
import { atOnce } from '../../../src/support/in-turns.js';
import reference from '../../fixtures/vector-methods.json' with { type: 'json' };
import { codeOf } from '../../model/tiny.js';

const vectors = (values: readonly number[], dim: number): Vectors => ({
  values: Float32Array.from(values),
  dim,
});

function scoresOf(method: VectorMethod, { train, queries, dim }: (typeof reference.cases)[0]) {
  // Through JSON, as a file takes it.
  const { kept, facts } = atOnce(method.fit(vectors(train, dim)));
  const loaded = { kept, facts: JSON.parse(JSON.stringify(facts)) };
  return atOnce(method.scores(loaded, vectors(queries, dim)));
}

/** Scores of queries by what was learnt of others. */
function fitAndScore(method: VectorMethod, train: Vectors, queries: Vectors) {
  return atOnce(method.scores(atOnce(method.fit(train)), queries));
}

/** Largest difference of two lists of scores. */
function farthest(scores: ArrayLike<number>, expected: readonly number[]): number {
  expect(scores.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - scores[i])));
}

describe.each(reference.cases)('$dim coordinates, against scikit-learn', (one) => {
  it.each(Object.entries(one.oneClassSvm))('one-class SVM, nu and gamma %s', (name, expected) => {
    const [nu, gamma] = name.split(' ');
    const scale = gamma === 'scale' ? gamma : Number(gamma);
    const method = oneClassSvmMethod({ nu: Number(nu), gamma: scale, tolerance: 1e-9 });
    expect(farthest(scoresOf(method, one), expected)).toBeLessThan(1e-6);
  });

  it.each(Object.entries(one.localOutlierFactor))('LOF, k = %s', (k, expected) => {
    const scores = scoresOf(localOutlierFactorMethod(Number(k)), one);
    const largest = Math.max(...expected);
    expect(farthest(scores, expected)).toBeLessThan(1e-5 * largest);
  });

  it('isolation forest: the mean over many trees', () => {
    const method = isolationForestMethod({ trees: 2000, sampleSize: 256, seed: 1 });
    expect(farthest(scoresOf(method, one), one.isolationForest)).toBeLessThan(0.01);
  });
});

describe('one-class SVM', () => {
  it('meets the conditions for a minimum', () => {
    const n = 30;
    const x = Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898) * 3);
    const kernel = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return Math.exp(-((x[i] - x[j]) ** 2));
    });
    const { alphas, offset } = atOnce(
      solveOneClass(kernel, n, { nu: 0.3, tolerance: 1e-9, maxSteps: 1e5 }),
    );
    expect(alphas.reduce((sum, alpha) => sum + alpha, 0)).toBeCloseTo(0.3 * n, 9);
    alphas.forEach((alpha, i) => {
      const slope = alphas.reduce((sum, other, j) => sum + other * kernel[i * n + j], 0);
      expect(alpha).toBeGreaterThanOrEqual(0);
      expect(alpha).toBeLessThanOrEqual(1);
      if (alpha < 1) expect(slope).toBeGreaterThan(offset - 1e-8);
      if (alpha > 0) expect(slope).toBeLessThan(offset + 1e-8);
    });
  });

  it('keeps a share of at most nu outside', () => {
    const [, { train, dim }] = reference.cases;
    const method = oneClassSvmMethod({ nu: 0.2, gamma: 'scale', tolerance: 1e-9 });
    const scores = fitAndScore(method, vectors(train, dim), vectors(train, dim));
    const outside = scores.filter((score) => score > 1e-7).length / scores.length;
    expect(outside).toBeLessThanOrEqual(0.2);
    expect(outside).toBeGreaterThan(0.05);
  });

  it('takes nu = 1, where every alpha is at its limit', () => {
    const method = oneClassSvmMethod({ nu: 1, gamma: 1, tolerance: 1e-9 });
    const [near, far] = fitAndScore(method, vectors([0, 1, 2], 1), vectors([1, 9], 1));
    expect(far).toBeGreaterThan(near);
  });

  it('refuses vectors that are all one', async () => {
    const method = oneClassSvmMethod({ nu: 0.5, gamma: 'scale', tolerance: 1e-6 });
    expect(await codeOf(() => atOnce(method.fit(vectors([1, 1, 1, 1], 2))))).toBe('INVALID_IMAGES');
  });
});

describe('LOF', () => {
  it('is finite where images repeat, and clamps k to the others', () => {
    const method = localOutlierFactorMethod(20);
    const scores = fitAndScore(method, vectors([1, 1, 1, 2], 1), vectors([1, 2, 5], 1));
    expect(Array.from(scores).every(Number.isFinite)).toBe(true);
  });
});

describe('isolation forest', () => {
  it('has path lengths of a binary tree', () => {
    expect([0, 1, 2].map(averagePathLength)).toEqual([0, 0, 1]);
    // 2 (H(n - 1)) - 2 (n - 1) / n with the harmonic number summed.
    const harmonic = Array.from({ length: 255 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    expect(averagePathLength(256)).toBeCloseTo(2 * harmonic - (2 * 255) / 256, 2);
  });

  it('gives one score to all where all training images are one', () => {
    const method = isolationForestMethod({ trees: 3, sampleSize: 8, seed: 1 });
    const scores = fitAndScore(method, vectors([1, 1, 1, 1], 1), vectors([1, 7], 1));
    expect(new Set(scores).size).toBe(1);
  });
});
