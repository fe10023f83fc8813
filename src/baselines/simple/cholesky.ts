import type { InPieces } from '../../support/in-turns.js';
import { dot } from './row-products.js';

/** Factors a symmetric positive definite [n, n] matrix in place: its lower half becomes L, A = L L^T. */
export function* choleskyInPlace(matrix: Float64Array, n: number): InPieces<void> {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const at = i * n + j;
      matrix[at] = (matrix[at] - dot(matrix, i * n, matrix, j * n, j)) / matrix[j * n + j];
    }
    const at = i * n + i;
    matrix[at] = Math.sqrt(matrix[at] - dot(matrix, i * n, matrix, i * n, i));
    yield;
  }
}

/** Solves L L^T x = right for x, L as left by `choleskyInPlace`. */
export function choleskySolve(factor: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = right.slice();
  for (let i = 0; i < n; i++) x[i] = (x[i] - dot(factor, i * n, x, 0, i)) / factor[i * n + i];
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= factor[i * n + i];
    for (let j = 0; j < i; j++) x[j] -= factor[i * n + j] * x[i];
  }
  return x;
}
