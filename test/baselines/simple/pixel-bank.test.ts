import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type PixelBlock, pixelBankScores } from '../../../src/baselines/index.js';
import { anomalyScore } from '../../../src/core/anomaly-score.js';
import { RandomStream } from '../../../src/support/random.js';
import type { SaladWarning } from '../../../src/support/warning.js';

const PIXELS = 6;

function randomImages(count: number, name: string): PixelBlock {
  const random = new RandomStream(6, [name, count]);
  return {
    values: Float32Array.from({ length: count * PIXELS }, () => random.uniform()),
    shape: [count, 2, 3, 1],
  };
}

const images = (...rows: number[][]): PixelBlock => ({
  values: Float32Array.from(rows.flat()),
  shape: [rows.length, 1, rows[0].length, 1],
});

function unitRows({ values, shape }: PixelBlock): number[][] {
  return Array.from({ length: shape[0] }, (_, i) => {
    const row = Array.from(values.subarray(i * PIXELS, (i + 1) * PIXELS));
    const mean = row.reduce((a, b) => a + b, 0) / PIXELS;
    const length = Math.hypot(...row.map((value) => value - mean));
    return row.map((value) => (value - mean) / length);
  });
}

describe('pixelBankScores', () => {
  it('measures angles between centred images', () => {
    // centred: u = (1, -1), v = (-1, 1): angle pi; u with itself: 0
    const bank = images([1, 0], [0, 1], [0.2, 0.8]);
    const [one, two] = pixelBankScores(bank, images([0.9, 0.3]), { scoreNeighbors: [1, 2] });
    expect(one.angular[0]).toBeCloseTo(0, 7);
    expect(one.relative[0]).toBeCloseTo(0, 7);
    expect(two.angular[0]).toBeCloseTo((0 + Math.PI) / 2 / Math.PI, 7);
    // mean of {0, pi} over mean of {0, pi, pi}
    expect(two.relative[0]).toBeCloseTo(Math.PI / 2 / ((2 * Math.PI) / 3), 7);
    // (1, 0, -1) and (1, -2, 1) are at right angles
    const [square] = pixelBankScores(images([1, 0.5, 0]), images([1, 0, 1]), {
      scoreNeighbors: [1],
    });
    expect(square.angular[0]).toBeCloseTo(1 / 2, 12);
  });

  it.each([
    [1, 1],
    [3, 5],
    [9, 63],
    [8, 64],
    [5, 65],
  ])('equals plain loops: bank of %i, %i test images', (size, count) => {
    const train = randomImages(size, 'train');
    const test = randomImages(count, 'test');
    const bank = unitRows(train);
    const neighbors = [1, 2, size].filter((k) => k <= size);
    const results = pixelBankScores(train, test, { scoreNeighbors: neighbors });
    results.forEach(({ relative, angular, scoreNeighbors: k }, at) => {
      expect(k).toBe(neighbors[at]);
      unitRows(test).forEach((u, i) => {
        const angles = bank
          .map((row) => Math.acos(row.reduce((sum, value, d) => sum + value * u[d], 0)))
          .sort((a, b) => a - b);
        const near = angles.slice(0, k).reduce((a, b) => a + b, 0) / k;
        const all = angles.reduce((a, b) => a + b, 0) / size;
        expect(angular[i]).toBeCloseTo(near / Math.PI, 10);
        expect(relative[i]).toBeCloseTo(near / all, 10);
      });
    });
  });

  it("equals the memory bank's score of the same rows", () => {
    const train = randomImages(20, 'train');
    const test = randomImages(7, 'test');
    const [{ relative, angular }] = pixelBankScores(train, test, { scoreNeighbors: [5] });
    for (const [method, expected] of [
      ['relative', relative],
      ['angular', angular],
    ] as const) {
      const { scores } = anomalyScore(tf.tensor2d(unitRows(test)), tf.tensor2d(unitRows(train)), {
        scoreNeighbors: 5,
        method,
      });
      scores.dataSync().forEach((score, i) => {
        expect(score).toBeCloseTo(expected[i], 5);
      });
    }
  });

  it('does not feel the brightness and contrast of an image', () => {
    const train = randomImages(9, 'train');
    const test = randomImages(4, 'test');
    const duller = { ...test, values: test.values.map((value) => 0.25 * value + 0.5) };
    const [plain] = pixelBankScores(train, test, { scoreNeighbors: [3] });
    const [dull] = pixelBankScores(train, duller, { scoreNeighbors: [3] });
    plain.relative.forEach((score, i) => {
      expect(dull.relative[i]).toBeCloseTo(score, 5);
    });
  });

  it('clamps K to the bank, and says so', () => {
    const warnings: SaladWarning[] = [];
    const [result] = pixelBankScores(randomImages(4, 'train'), randomImages(3, 'test'), {
      scoreNeighbors: [10],
      onWarning: (warning) => warnings.push(warning),
    });
    expect(result.scoreNeighbors).toBe(4);
    expect([...result.relative]).toEqual([1, 1, 1]);
    expect(warnings.map((warning) => warning.code)).toEqual(['SCORE_NEIGHBORS_CLAMPED']);
  });

  it('gives 0 where every angle is 0', () => {
    const same = images([1, 0, 0, 1]);
    const [result] = pixelBankScores(same, same, { scoreNeighbors: [1] });
    expect(result).toEqual({
      scoreNeighbors: 1,
      relative: Float64Array.of(0),
      angular: Float64Array.of(0),
    });
  });

  it('refuses images without a direction, of another size, or not finite', () => {
    const good = images([0, 1]);
    expect(() => pixelBankScores(good, images([0, 1], [0.5, 0.5]))).toThrow(
      /image 1 of test.*INVALID_IMAGES/,
    );
    expect(() => pixelBankScores(good, images([0, 1, 2]))).toThrow(/SHAPE_MISMATCH/);
    expect(() => pixelBankScores(good, images([0, Number.NaN]))).toThrow(/image 0.*NOT_FINITE/);
    expect(() =>
      pixelBankScores({ values: new Float32Array(0), shape: [0, 1, 2, 1] }, good),
    ).toThrow(/EMPTY_SET/);
    expect(() => pixelBankScores(good, good, { scoreNeighbors: [0] })).toThrow(/INVALID_OPTION/);
  });
});
