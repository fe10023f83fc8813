import { describe, expect, it } from 'vitest';
import { drawKnownAnomalies } from '../../src/data/index.js';

describe('drawKnownAnomalies', () => {
  // 944 images; every seventh from the fourth on, 135 in all, is an anomaly: 809 normals.
  const labels = Array.from({ length: 944 }, (_, i) => (i % 7 === 3 ? 1 : 0));
  const split = (indices: number[]) => ({
    normal: indices.filter((i) => labels[i] === 0),
    abnormal: indices.filter((i) => labels[i] === 1),
  });

  it.each([
    [803, 0.05, 42], // .05 * 803 / .95 = 42.26
    [803, 0.1, 89], // 89.22
    [803, 0.15, 142], // 141.7
    [10, 0.2, 3], // 2.5 rounds up
    [10, 0, 0],
  ])('adds to %i normals at a ratio of %d: %i', (count, ratio, expected) => {
    const list = [...new Array(count).fill(0), ...new Array(200).fill(1)];
    const chosen = drawKnownAnomalies(list, { ratio, form: 'added', seed: 1 });
    expect(chosen.filter((i) => list[i] === 0)).toHaveLength(count);
    expect(chosen.filter((i) => list[i] === 1)).toHaveLength(expected);
  });

  it('replaces normals and keeps the number of images', () => {
    const { normal, abnormal } = split(
      drawKnownAnomalies(labels, { ratio: 0.1, form: 'replacing', seed: 1 }),
    );
    expect(abnormal).toHaveLength(81); // .1 * 809 = 80.9
    expect(normal).toHaveLength(809 - 81);
  });

  it.each([
    // 21.5, 12.5 and 14.5 on paper; .2 * 86 / .8 and .29 * 50 are less in binary.
    [86, 0.2, 'added', 22],
    [50, 0.2, 'added', 13],
    [50, 0.29, 'replacing', 15],
    [10, 0.15, 'replacing', 2],
  ] as const)('rounds the halves of %i normals at %f up, %s', (normals, ratio, form, n) => {
    const labels = new Uint8Array(normals + n).fill(1, normals);
    const chosen = drawKnownAnomalies(labels, { ratio, form, seed: 1 });
    expect(chosen.filter((i) => i >= normals)).toHaveLength(n);
  });

  it('gives every index once, increasing', () => {
    for (const form of ['added', 'replacing'] as const) {
      const chosen = drawKnownAnomalies(labels, { ratio: 0.1, form, seed: 4 });
      expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
    }
  });

  it('follows the seed, and holds the anomalies of a smaller ratio', () => {
    const draw = (ratio: number, seed: number) =>
      split(drawKnownAnomalies(labels, { ratio, form: 'added', seed })).abnormal;
    expect(draw(0.05, 7)).toEqual(draw(0.05, 7));
    expect(draw(0.05, 7)).not.toEqual(draw(0.05, 8));
    const larger = new Set(draw(0.1, 7));
    expect(draw(0.05, 7).every((i) => larger.has(i))).toBe(true);
  });

  it('refuses what cannot be drawn', () => {
    const draw =
      (list: number[], more: object = {}) =>
      () =>
        drawKnownAnomalies(list, { ratio: 0.5, form: 'added', seed: 1, ...more });
    expect(draw([0, 0, 1])).toThrow(/takes 2 known anomalies but 1 images are labelled 1/);
    expect(draw([1, 1])).toThrow(/EMPTY_SET/);
    expect(draw([0, 1], { ratio: 1 })).toThrow(/INVALID_OPTION/);
    expect(draw([0, 1], { ratio: -0.1 })).toThrow(/INVALID_OPTION/);
    expect(draw([0, 1], { form: 'mixed' })).toThrow(/form is 'mixed'/);
    expect(draw([0, 1], { rate: 1 })).toThrow(/UNKNOWN_OPTION/);
  });
});
