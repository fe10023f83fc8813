import { describe, expect, it } from 'vitest';
import { choleskyInPlace, choleskySolve } from '../../../src/baselines/simple/cholesky.js';
import { rowProducts } from '../../../src/baselines/simple/row-products.js';
import { atOnce } from '../../../src/support/in-turns.js';
import { RandomStream } from '../../../src/support/random.js';

const normals = (count: number) => {
  const random = new RandomStream(4, [count]);
  return Float64Array.from({ length: count }, () => random.gaussian());
};

describe('rowProducts', () => {
  const sizes = [1, 3, 4, 5, 8, 9];
  it.each(sizes.flatMap((n) => sizes.map((m) => [n, m])))('%i rows by %i', (n, m) => {
    for (const dim of [1, 7]) {
      const a = normals(n * dim);
      const b = normals(m * dim + 1).subarray(1);
      const products = atOnce(rowProducts(a, b, dim));
      expect(products.length).toBe(n * m);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < m; j++) {
          let sum = 0;
          for (let d = 0; d < dim; d++) sum += a[i * dim + d] * b[j * dim + d];
          expect(products[i * m + j]).toBe(sum);
        }
      }
    }
  });
});

describe('cholesky', () => {
  it('factors by hand', () => {
    // [[4, 2], [2, 10]] = [[2, 0], [1, 3]] [[2, 1], [0, 3]]
    const matrix = Float64Array.of(4, 2, 2, 10);
    atOnce(choleskyInPlace(matrix, 2));
    expect([matrix[0], matrix[2], matrix[3]]).toEqual([2, 1, 3]);
    // 4 x + 2 y = 8, 2 x + 10 y = 22: x = 1, y = 2
    expect([...choleskySolve(matrix, Float64Array.of(8, 22))]).toEqual([1, 2]);
  });

  it.each([1, 2, 5, 12])('solves a random system of %i', (n) => {
    const rows = normals(n * n);
    const matrix = atOnce(rowProducts(rows, rows, n));
    for (let i = 0; i < n; i++) matrix[i * n + i] += 1;
    const solution = normals(n);
    const right = solution.map((_, i) =>
      solution.reduce((sum, value, j) => sum + matrix[i * n + j] * value, 0),
    );
    atOnce(choleskyInPlace(matrix, n));
    choleskySolve(matrix, right).forEach((value, i) => {
      expect(value).toBeCloseTo(solution[i], 10);
    });
  });
});
