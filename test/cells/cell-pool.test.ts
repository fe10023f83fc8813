import { describe, expect, it } from 'vitest';
import { CellPool } from '../../src/cells/cell-pool.js';

/** Cell `place` of image `film` is [film, place]. */
function filled(films: number, cells: number, most?: number, seed = 1): CellPool {
  const pool = new CellPool({ films, cells, dim: 2 }, seed, most);
  for (let film = 0; film < films; film++)
    pool.add(
      film,
      Float32Array.from({ length: 2 * cells }, (_, i) => (i % 2 ? (i - 1) / 2 : film)),
    );
  return pool;
}

describe('CellPool', () => {
  it('holds every cell where there is room', () => {
    const pool = filled(3, 4);
    expect(pool.share).toBe(1);
    expect(pool.films).toEqual(Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2));
    expect(pool.places).toEqual(Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3));
    expect(Array.from(pool.rows.subarray(8, 12))).toEqual([1, 0, 1, 1]);
  });

  it('holds as many of each image otherwise, drawn by the seed', () => {
    const pool = filled(10, 16, 2 * 45);
    expect(pool.share).toBe(45 / 160);
    const counts = Array.from({ length: 10 }, (_, film) => pool.films.filter((f) => f === film));
    expect(counts.map(({ length }) => length).sort()).toEqual([4, 4, 4, 4, 4, 5, 5, 5, 5, 5]);
    pool.places.forEach((place, row) => {
      expect(Array.from(pool.rows.subarray(2 * row, 2 * row + 2))).toEqual([
        pool.films[row],
        place,
      ]);
    });
    expect(new Set(pool.places).size).toBeGreaterThan(10);
    expect(filled(10, 16, 2 * 45).places).toEqual(pool.places);
    expect(filled(10, 16, 2 * 45, 2).places).not.toEqual(pool.places);
  });

  it('holds a cell of some images where there is no room for one of each', () => {
    const pool = filled(10, 16, 2 * 4);
    expect(new Set(pool.films).size).toBe(4);
  });
});
