import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { CellBank } from '../../src/cells/cell-bank.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf } from '../support/code-of.js';

/** Points on a line: a bank whose distances are told at a glance. */
function lineBank(): CellBank {
  const rows = tf.tensor2d([0, 1, 2, 10, 20], [5, 1]);
  const bank = CellBank.from(rows, { films: [0, 0, 1, 1, 2], places: [3, 4, 0, 5, 6] });
  rows.dispose();
  return bank;
}

function nearest(bank: CellBank, cells: number[][], ownFilms?: number[]) {
  return tf.tidy(() => {
    const tensor = tf.tensor3d(cells.map((image) => image.map((value) => [value])));
    const found = bank.nearest(tensor, ownFilms && { ownFilms });
    return { distances: found.distances.arraySync(), rows: found.rows.arraySync() };
  });
}

describeOnBackends('CellBank', () => {
  it('tells the nearest row of each cell, and how far it is', () => {
    const bank = lineBank();
    expect(
      nearest(bank, [
        [0.25, 7],
        [1.5, 30],
      ]),
    ).toEqual({
      distances: [
        [0.25, 3],
        [0.5, 10],
      ],
      rows: [
        [0, 3],
        [1, 4],
      ],
    });
    bank.dispose();
  });

  it("leaves out an image's own rows", () => {
    const bank = lineBank();
    const found = nearest(
      bank,
      [
        [0.25, 7],
        [0.25, 7],
        [0.25, 19],
      ],
      [0, 1, -1],
    );
    expect(found.distances).toEqual([
      [1.75, 3],
      [0.25, 6],
      [0.25, 1],
    ]);
    expect(found.rows).toEqual([
      [2, 3],
      [0, 1],
      [0, 4],
    ]);
    bank.dispose();
  });

  it('agrees with a plain loop, own rows left out or not', () => {
    const random = new RandomStream(5, ['cells']);
    const draw = (count: number) => Array.from({ length: count }, () => random.gaussian());
    const points = Array.from({ length: 60 }, () => draw(4));
    const films = points.map((_, i) => Math.floor(i / 12));
    const rows = tf.tensor2d(points);
    const bank = CellBank.from(rows, { films, places: films });
    const images = Array.from({ length: 3 }, () => Array.from({ length: 5 }, () => draw(4)));
    const own = [2, -1, 4];
    const cells = tf.tensor3d(images);
    const found = bank.nearest(cells, { ownFilms: own });
    const [distances, indices] = [found.distances.arraySync(), found.rows.arraySync()];
    images.forEach((image, i) => {
      image.forEach((cell, c) => {
        const all = points.map((point, row) => ({
          row,
          distance: films[row] === own[i] ? 1e9 : Math.hypot(...point.map((v, d) => v - cell[d])),
        }));
        const [first] = all.sort((a, b) => a.distance - b.distance);
        expect(indices[i][c]).toBe(first.row);
        expect(distances[i][c]).toBeCloseTo(first.distance, 5);
      });
    });
    tf.dispose([rows, cells, found]);
    bank.dispose();
  });

  it('is NaN for a cell that is', () => {
    const bank = lineBank();
    const { distances } = nearest(bank, [[Number.NaN, 7]]);
    expect(distances[0][0]).toBeNaN();
    expect(distances[0][1]).toBe(3);
    bank.dispose();
  });

  it('chooses a coreset: the first by the seed, then always the farthest', async () => {
    const rows = Float32Array.of(0, 1, 2, 10, 20);
    const cells = { rows, dim: 1, films: [0, 0, 1, 1, 2], places: [3, 4, 0, 5, 6] };
    const bank = await expectNoLeak(() => CellBank.coreset(cells, { size: 0.6, seed: 3 }), 1);
    const chosen = Array.from(bank.rows.dataSync());
    // Whatever comes first, the end that is farther from it is second.
    const expected = [chosen[0]];
    while (expected.length < 3) {
      const gap = (value: number) => Math.min(...expected.map((one) => Math.abs(one - value)));
      expected.push([...rows].sort((a, b) => gap(b) - gap(a))[0]);
    }
    expect(chosen).toEqual(expected);
    expect(Array.from(bank.films)).toEqual(chosen.map((row) => cells.films[rows.indexOf(row)]));
    expect(Array.from(bank.places)).toEqual(chosen.map((row) => cells.places[rows.indexOf(row)]));
    bank.dispose();
    const all = await CellBank.coreset(cells, { size: 1 });
    const three = await CellBank.coreset(cells, { size: 3, seed: 3 });
    expect(Array.from(three.rows.dataSync())).toEqual(chosen);
    three.dispose();
    const few = await CellBank.coreset(cells, { size: 300 });
    expect(few.size).toBe(5);
    few.dispose();
    await expect(CellBank.coreset(cells, { size: 1.5 })).rejects.toThrow('whole number');
    await expect(CellBank.coreset(cells, { size: 0 })).rejects.toThrow('size is 0');
    const onProgress = 3 as never;
    await expect(CellBank.coreset(cells, { onProgress })).rejects.toThrow('onProgress is 3');
    expect([...all.rows.dataSync()].sort((a, b) => a - b)).toEqual([...rows]);
    all.dispose();
  });

  it('grows by another bank', async () => {
    await expectNoLeak(() => {
      const [bank, more] = [lineBank(), lineBank()];
      bank.append(more);
      expect(bank.size).toBe(10);
      expect(Array.from(bank.rows.dataSync())).toEqual([0, 1, 2, 10, 20, 0, 1, 2, 10, 20]);
      expect(Array.from(bank.films)).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 1, 2]);
      expect(Array.from(bank.places)).toEqual([3, 4, 0, 5, 6, 3, 4, 0, 5, 6]);
      more.dispose();
      bank.dispose();
      bank.dispose();
    });
  });

  it('refuses what does not fit, and leaves nothing behind', async () => {
    const bank = lineBank();
    const rows = tf.zeros<tf.Rank.R2>([2, 1]);
    await expectNoLeak(async () => {
      expect(codeOf(() => CellBank.from(rows, { films: [0], places: [0, 1] }))).toBe(
        'SHAPE_MISMATCH',
      );
      expect(codeOf(() => CellBank.from(rows, { films: [0, -1], places: [0, 1] }))).toBe(
        'INDEX_OUT_OF_RANGE',
      );
      expect(codeOf(() => nearest(bank, [[1]], [0, 1]))).toBe('SHAPE_MISMATCH');
      const wide = tf.zeros<tf.Rank.R3>([1, 1, 2]);
      expect(codeOf(() => bank.nearest(wide))).toBe('SHAPE_MISMATCH');
      wide.dispose();
      const alone = CellBank.from(rows, { films: [4, 4], places: [0, 1] });
      expect(codeOf(() => nearest(alone, [[1]], [4]))).toBe('NO_ROWS_KEPT');
      expect(nearest(alone, [[1]], [3]).distances).toEqual([[1]]);
      alone.dispose();
      expect(codeOf(() => alone.rows)).toBe('DISPOSED');
      const cells = { rows: Float32Array.of(1, Number.NaN), dim: 1, films: [0, 0], places: [0, 1] };
      await expect(CellBank.coreset(cells)).rejects.toMatchObject({ code: 'NOT_FINITE' });
      const aborted = AbortSignal.abort(new Error('enough'));
      const sound = { ...cells, rows: Float32Array.of(1, 2) };
      await expect(CellBank.coreset(sound, { signal: aborted })).rejects.toThrow('enough');
    });
    tf.dispose(rows);
    bank.dispose();
  });
});
