import { describe, expect, it } from 'vitest';
import { fitLogisticRegression, type PixelBlock } from '../../../src/baselines/index.js';
import { RandomStream } from '../../../src/support/random.js';
import fixture from '../../fixtures/logistic-regression.json' with { type: 'json' };

const rowsOf = (rows: readonly (readonly number[])[]): PixelBlock => ({
  values: Float32Array.from(rows.flat()),
  shape: [rows.length, 1, rows[0].length, 1],
});

function sample(count: number, pixels: number) {
  const random = new RandomStream(2, ['logistic', count]);
  const labels = Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const rows = labels.map((label) =>
    Array.from({ length: pixels }, (_, d) => random.gaussian() + (d < 2 ? label : 0)),
  );
  return { labels, rows, images: rowsOf(rows) };
}

describe.each(fixture.cases)('scikit-learn: $name', (c) => {
  it('gives the same weights and scores', () => {
    const model = fitLogisticRegression(rowsOf(c.train), c.labels, { l2: c.l2 });
    const actual = [...model.weights, model.intercept, ...model.scores(rowsOf(c.test))];
    const expected = [...c.weights, c.intercept, ...c.scores];
    expect(actual.length).toBe(expected.length);
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-6);
    });
  });
});

describe('fitLogisticRegression', () => {
  it('solves two samples in closed form', () => {
    // x = -1, +1: b = 0 by symmetry, and the gradient 2 (1 - p(w)) = l2 w
    const model = fitLogisticRegression(rowsOf([[-1], [1]]), [0, 1], { l2: 0.5 });
    const [w] = model.weights;
    expect(model.intercept).toBeCloseTo(0, 12);
    expect(2 / (1 + Math.exp(w))).toBeCloseTo(0.5 * w, 9);
  });

  it.each([
    [12, 3, 1],
    [9, 20, 1],
    [9, 20, 1e-6],
    [30, 5, 1e4],
  ])('leaves no gradient: %i samples, %i pixels, l2 %d', (count, pixels, l2) => {
    const { labels, rows, images } = sample(count, pixels);
    const model = fitLogisticRegression(images, labels, { l2 });
    const residuals = Array.from(
      model.scores(images),
      (f, i) => labels[i] - 1 / (1 + Math.exp(-f)),
    );
    const scale = Math.sqrt(count * pixels);
    expect(Math.abs(residuals.reduce((a, b) => a + b, 0))).toBeLessThan(1e-7 * scale);
    for (let d = 0; d < pixels; d++) {
      const slope = rows.reduce((sum, row, i) => sum + residuals[i] * Math.fround(row[d]), 0);
      expect(Math.abs(slope - l2 * model.weights[d])).toBeLessThan(1e-7 * scale * Math.max(1, l2));
    }
  });

  it('does not feel a constant added to every pixel', () => {
    const { labels, rows, images } = sample(15, 4);
    const moved = rowsOf(rows.map((row) => row.map((value) => value + 8)));
    const here = fitLogisticRegression(images, labels);
    const there = fitLogisticRegression(moved, labels);
    const expected = here.scores(images);
    there.scores(moved).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 4);
    });
  });

  it('turns its scores over when the labels are', () => {
    const { labels, images } = sample(15, 4);
    const forth = fitLogisticRegression(images, labels).scores(images);
    const back = fitLogisticRegression(
      images,
      labels.map((l) => 1 - l),
    ).scores(images);
    forth.forEach((value, i) => {
      expect(back[i]).toBeCloseTo(-value, 8);
    });
  });

  it('gives the log-odds of the classes where the pixels tell nothing', () => {
    const model = fitLogisticRegression(rowsOf([[0.5], [0.5], [0.5], [0.5]]), [0, 0, 0, 1]);
    expect(model.weights[0]).toBe(0);
    expect(model.intercept).toBeCloseTo(Math.log(1 / 3), 9);
  });

  it('is the same on every run', () => {
    const { labels, images } = sample(15, 8);
    const [a, b] = [0, 1].map(() => fitLogisticRegression(images, labels));
    expect(a.weights).toEqual(b.weights);
    expect(a.steps).toBe(b.steps);
  });

  it('refuses what it cannot fit', () => {
    const { labels, images } = sample(6, 2);
    const fit =
      (l: number[], options = {}) =>
      () =>
        fitLogisticRegression(images, l, options);
    expect(fit([0, 0, 0, 0, 0, 0])).toThrow(/0 anomalous.*EMPTY_SET/);
    expect(fit([0, 1])).toThrow(/2 labels for 6 images.*LABELS_MISMATCH/);
    expect(fit([0, 1, 2, 0, 1, 0])).toThrow(/LABELS_MISMATCH/);
    expect(fit(labels, { l2: 0 })).toThrow(/INVALID_OPTION/);
    expect(fit(labels, { C: 1 })).toThrow(/UNKNOWN_OPTION/);
    expect(fit(labels, { maxSteps: 1, tolerance: 1e-12 })).toThrow(/TRAINING_DIVERGED/);
    expect(() => fitLogisticRegression(images, labels).scores(rowsOf([[1, 2, 3]]))).toThrow(
      /SHAPE_MISMATCH/,
    );
  });
});
