import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { cellsOf } from '../../src/cells/cells-of.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf } from '../support/code-of.js';

type Map3 = number[][][];

/** [height][width][channels], drawn. */
function drawnMap(height: number, width: number, channels: number, seed: number): Map3 {
  const random = new RandomStream(seed, ['map']);
  const draw = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
  return draw(height, () => draw(width, () => draw(channels, () => random.gaussian())));
}

const inside = (map: Map3, y: number, x: number) => map[y]?.[x] !== undefined;
const mean = (vectors: number[][]) =>
  vectors[0].map((_, c) => vectors.reduce((sum, v) => sum + v[c], 0) / vectors.length);

/** The mean of a place and its neighbours within the map. */
function blurred(map: Map3): Map3 {
  return map.map((row, y) =>
    row.map((_, x) => {
      const near = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [y + dy, x + dx]));
      return mean(near.filter(([v, u]) => inside(map, v, u)).map(([v, u]) => map[v][u]));
    }),
  );
}

/** Means of whole blocks. */
function blocks(map: Map3, rows: number, columns: number): Map3 {
  const [h, w] = [map.length / rows, map[0].length / columns];
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) =>
      mean(map.slice(r * h, (r + 1) * h).flatMap((row) => row.slice(c * w, (c + 1) * w))),
    ),
  );
}

/** As torch.nn.functional.interpolate(mode='bilinear', align_corners=False). */
function bilinear(map: Map3, rows: number, columns: number): Map3 {
  const at = (i: number, from: number, to: number) =>
    Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => {
      const [y, x] = [at(r, map.length, rows), at(c, map[0].length, columns)];
      const [y0, x0] = [Math.floor(y), Math.floor(x)];
      const [y1, x1] = [Math.min(y0 + 1, map.length - 1), Math.min(x0 + 1, map[0].length - 1)];
      return map[0][0].map((_, channel) => {
        const top = map[y0][x0][channel] * (1 - x + x0) + map[y0][x1][channel] * (x - x0);
        const low = map[y1][x0][channel] * (1 - x + x0) + map[y1][x1][channel] * (x - x0);
        return top * (1 - y + y0) + low * (y - y0);
      });
    }),
  );
}

const unit = (v: number[]) => v.map((value) => value / Math.hypot(...v));

describeOnBackends('cellsOf', () => {
  it('averages, brings each level to the grid and scales it to length 1', async () => {
    const fine = [1, 2].map((seed) => drawnMap(8, 12, 3, seed));
    const coarse = [3, 4].map((seed) => drawnMap(2, 3, 2, seed));
    const cells = await expectNoLeak(() => {
      const maps = [tf.zeros([2, 16, 24, 7]), tf.tensor(fine), tf.tensor(coarse)] as tf.Tensor4D[];
      const found = cellsOf(maps, { grid: [4, 4] });
      tf.dispose(maps);
      return found;
    }, 1);
    expect(cells.shape).toEqual([2, 16, 5]);
    const found = cells.arraySync();
    cells.dispose();
    [0, 1].forEach((image) => {
      const area = blocks(blurred(fine[image]), 4, 4);
      const smooth = bilinear(blurred(coarse[image]), 4, 4);
      for (let cell = 0; cell < 16; cell++) {
        const [row, column] = [Math.floor(cell / 4), cell % 4];
        const expected = [...unit(area[row][column]), ...unit(smooth[row][column])];
        found[image][cell].forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i], 5);
        });
      }
    });
  });

  it('weighs places that lie in two cells by their share of each', () => {
    // 3 places to 2 cells, by hand. Means of neighbours: (2 + 4) / 2, (2 + 4 + 9) / 3, (4 + 9) / 2 = 3, 5, 6.5;
    // cells of 1.5 places: (3 + 5 / 2) / 1.5, (5 / 2 + 6.5) / 1.5 = 11 / 3, 6.
    const second = [1, 1, 1];
    const map = tf.tensor4d([2, second[0], 4, second[1], 9, second[2]], [1, 3, 1, 2]);
    const [[top, bottom]] = tf.tidy(() => cellsOf([map], { levels: 1, grid: [2, 1] }).arraySync());
    expect(top[0] / top[1]).toBeCloseTo(11 / 3, 5);
    expect(bottom[0] / bottom[1]).toBeCloseTo(6, 5);
    map.dispose();
  });

  it('takes the levels that are asked for', () => {
    const maps = [1, 2, 3].map((channels) => tf.ones([1, 4, 4, channels])) as tf.Tensor4D[];
    const dimOf = (levels: number | number[]) =>
      tf.tidy(() => cellsOf(maps, { levels, grid: [2, 2] }).shape[2]);
    expect(dimOf(2)).toBe(5);
    expect(dimOf(3)).toBe(6);
    expect(dimOf([1, 3])).toBe(4);
    expect(dimOf(4)).toBe(6);
    expect(codeOf(() => dimOf([2, 4]))).toBe('INVALID_OPTION');
    expect(codeOf(() => dimOf([3, 2]))).toBe('INVALID_OPTION');
    expect(codeOf(() => dimOf([]))).toBe('INVALID_OPTION');
    expect(codeOf(() => dimOf(0))).toBe('INVALID_OPTION');
    tf.dispose(maps);
  });

  it('makes every cell of an image with a NaN in a map NaN, and none of another', () => {
    const values = new Float32Array(2 * 16).fill(1);
    values[5] = Number.NaN;
    const map = tf.tensor4d(values, [2, 4, 4, 1]);
    const [damaged, sound] = tf.tidy(() => cellsOf([map], { levels: 1 }).arraySync());
    expect(damaged.flat().every(Number.isNaN)).toBe(true);
    expect(sound.flat().every(Number.isFinite)).toBe(true);
    map.dispose();
  });

  it('refuses what are no maps, and leaves nothing behind', async () => {
    const [map, other] = [tf.ones([1, 4, 4, 2]), tf.ones([2, 4, 4, 2])] as tf.Tensor4D[];
    await expectNoLeak(() => {
      expect(codeOf(() => cellsOf([]))).toBe('INVALID_OPTION');
      expect(codeOf(() => cellsOf('map' as never))).toBe('INVALID_OPTION');
      expect(codeOf(() => cellsOf([map, other]))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => cellsOf([map, map], { grid: [0, 2] }))).toBe('INVALID_OPTION');
      expect(codeOf(() => cellsOf([map, map], { grid: 8 as never }))).toBe('INVALID_OPTION');
      expect(codeOf(() => cellsOf([map, map], { level: 1 } as never))).toBe('UNKNOWN_OPTION');
    });
    tf.dispose([map, other]);
  });
});
