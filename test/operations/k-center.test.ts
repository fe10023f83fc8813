import { describe, expect, test, vi } from 'vitest';
import { kCenter } from '../../src/operations/k-center.js';
import type { Progress } from '../../src/support/progress.js';
import { RandomStream } from '../../src/support/random.js';

/** Plain greedy, from the first row on: every distance of every row to every centre, in float64. */
function greedy(rows: Float32Array, dim: number, count: number, first: number): number[] {
  const size = rows.length / dim;
  const nearest = new Array<number>(size).fill(Number.POSITIVE_INFINITY);
  const chosen = [first];
  while (chosen.length < count) {
    const center = chosen[chosen.length - 1];
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let i = 0; i < dim; i++) sum += (rows[row * dim + i] - rows[center * dim + i]) ** 2;
      nearest[row] = Math.min(nearest[row], sum);
    }
    let farthest = -1;
    for (let row = 0; row < size; row++) {
      if (chosen.includes(row)) continue;
      if (farthest < 0 || nearest[row] > nearest[farthest]) farthest = row;
    }
    chosen.push(farthest);
  }
  return chosen;
}

const random = new RandomStream(11, ['rows']);
const gaussian = (count: number) => Float32Array.from({ length: count }, () => random.gaussian());

/** Rows around a few means, each varying along a few directions. */
function clustered(size: number, dim: number): Float32Array {
  const means = gaussian(6 * dim);
  const directions = gaussian(3 * dim);
  const rows = new Float32Array(size * dim);
  for (let row = 0; row < size; row++) {
    const mean = random.integer(6);
    const along = [random.gaussian(), random.gaussian(), random.gaussian()];
    for (let i = 0; i < dim; i++) {
      let value = means[mean * dim + i] + 0.05 * random.gaussian();
      along.forEach((step, d) => {
        value += 0.4 * step * directions[d * dim + i];
      });
      rows[row * dim + i] = value;
    }
  }
  return rows;
}

/** Whole numbers from 0 to 2: many rows are equal, and many distances. */
const grid = (size: number, dim: number) =>
  Float32Array.from({ length: size * dim }, () => random.integer(3));

describe('kCenter', () => {
  test.each([
    ['one row', gaussian(5), 5, 1],
    ['one number a row', gaussian(60), 1, 60],
    ['independent numbers', gaussian(300 * 8), 8, 120],
    ['all rows', gaussian(90 * 20), 20, 90],
    ['clusters', clustered(600, 30), 30, 200],
    ['equal rows', grid(200, 3), 3, 200],
    ['equal distances', grid(300, 6), 6, 150],
    ['nothing but equal rows', new Float32Array(40 * 3).fill(2), 3, 40],
    ['large numbers', gaussian(200 * 9).map((x) => x * 1e15), 9, 60],
    ['tiny numbers', gaussian(200 * 9).map((x) => x * 1e-20), 9, 60],
    ['far from 0', gaussian(300 * 16).map((x) => x + 1000), 16, 100],
  ])('chooses what plain greedy chooses: %s', async (_name, rows, dim, count) => {
    const chosen = await kCenter(rows, dim, { count, seed: 5 });
    expect(chosen).toBeInstanceOf(Int32Array);
    expect([...chosen]).toEqual(greedy(rows, dim, count, chosen[0]));
  });

  test('the seed draws the first row, the same each time', async () => {
    const rows = gaussian(50 * 4);
    const firsts = await Promise.all(
      [1, 2, 3, 4, 5, 1].map(async (seed) => (await kCenter(rows, 4, { count: 1, seed }))[0]),
    );
    expect(firsts[5]).toBe(firsts[0]);
    expect(new Set(firsts).size).toBeGreaterThan(2);
  });

  test('fewer rows are the first ones of more', async () => {
    const rows = clustered(200, 10);
    const few = await kCenter(rows, 10, { count: 20, seed: 1 });
    const many = await kCenter(rows, 10, { count: 70, seed: 1 });
    expect(many.subarray(0, 20)).toEqual(few);
  });

  test('tells its progress, up to all', async () => {
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => told.push(progress);
    await kCenter(gaussian(400 * 2), 2, { count: 250, seed: 1, onProgress });
    expect(told.length).toBeGreaterThan(50);
    expect(told.length).toBeLessThanOrEqual(101);
    expect(told[told.length - 1]).toMatchObject({ done: 250, total: 250, secondsLeft: 0 });
  });

  test('an abort ends it, by its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = vi.fn(({ done }: Progress) => {
      if (done >= 10) controller.abort(reason);
    });
    const options = { count: 100, seed: 1, signal: controller.signal, onProgress };
    await expect(kCenter(gaussian(400 * 2), 2, options)).rejects.toBe(reason);
    expect(onProgress.mock.calls.length).toBeLessThan(30);
  });

  test.each([
    [new Float32Array(6), 4, { count: 1, seed: 1 }, 'SHAPE_MISMATCH'],
    [new Float32Array(0), 4, { count: 1, seed: 1 }, 'SHAPE_MISMATCH'],
    [new Float32Array(8), 0, { count: 1, seed: 1 }, 'INVALID_OPTION'],
    [new Float32Array(8), 4, { count: 0, seed: 1 }, 'INVALID_OPTION'],
    [new Float32Array(8), 4, { count: 3, seed: 1 }, 'INVALID_OPTION'],
    [new Float32Array(8), 4, { count: 1.5, seed: 1 }, 'INVALID_OPTION'],
    [new Float32Array(8), 4, { count: 1, seed: Number.NaN }, 'INVALID_OPTION'],
    [new Float64Array(8) as never, 4, { count: 1, seed: 1 }, 'INVALID_OPTION'],
    [new Float32Array([0, 1, Number.NaN, 3]), 2, { count: 1, seed: 1 }, 'NOT_FINITE'],
  ])('refuses rows and options that cannot be: %#', async (rows, dim, options, code) => {
    await expect(kCenter(rows, dim, options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^kCenter: .*expected/),
    });
  });
});
