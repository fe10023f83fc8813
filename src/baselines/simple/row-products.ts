import type { InPieces } from '../../support/in-turns.js';

/**
 * Dot products of every row of `a` with every row of `b`: a b^T.
 *
 * Taken in tiles of 4 x 4 rows, so that a value read is used four times; plain loops read memory
 * four times as often and are slower by as much.
 *
 * @param a [n, dim]. @param b [m, dim].
 * @returns [n, m].
 */
export function* rowProducts(
  a: Float64Array,
  b: Float64Array,
  dim: number,
): InPieces<Float64Array> {
  const n = a.length / dim;
  const m = b.length / dim;
  const products = new Float64Array(n * m);
  const wholeRows = n - (n % TILE);
  const wholeColumns = m - (m % TILE);
  for (let i = 0; i < wholeRows; i += TILE) {
    for (let j = 0; j < wholeColumns; j += TILE) tile(a, i, b, j, dim, products, m);
    yield;
  }
  for (let i = 0; i < n; i++) {
    for (let j = i < wholeRows ? wholeColumns : 0; j < m; j++) {
      products[i * m + j] = dot(a, i * dim, b, j * dim, dim);
    }
  }
  return products;
}

/** Sum of `count` products of values of `a` and `b` from the given offsets on. */
export function dot(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  count: number,
): number {
  let sum = 0;
  for (let d = 0; d < count; d++) sum += a[aStart + d] * b[bStart + d];
  return sum;
}

const TILE = 4;

function tile(
  a: Float64Array,
  row: number,
  b: Float64Array,
  column: number,
  dim: number,
  products: Float64Array,
  m: number,
): void {
  const a0 = row * dim;
  const a1 = a0 + dim;
  const a2 = a1 + dim;
  const a3 = a2 + dim;
  const b0 = column * dim;
  const b1 = b0 + dim;
  const b2 = b1 + dim;
  const b3 = b2 + dim;
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let d = 0; d < dim; d++) {
    const x0 = a[a0 + d];
    const x1 = a[a1 + d];
    const x2 = a[a2 + d];
    const x3 = a[a3 + d];
    let y = b[b0 + d];
    s00 += x0 * y;
    s10 += x1 * y;
    s20 += x2 * y;
    s30 += x3 * y;
    y = b[b1 + d];
    s01 += x0 * y;
    s11 += x1 * y;
    s21 += x2 * y;
    s31 += x3 * y;
    y = b[b2 + d];
    s02 += x0 * y;
    s12 += x1 * y;
    s22 += x2 * y;
    s32 += x3 * y;
    y = b[b3 + d];
    s03 += x0 * y;
    s13 += x1 * y;
    s23 += x2 * y;
    s33 += x3 * y;
  }
  products.set([s00, s01, s02, s03], row * m + column);
  products.set([s10, s11, s12, s13], (row + 1) * m + column);
  products.set([s20, s21, s22, s23], (row + 2) * m + column);
  products.set([s30, s31, s32, s33], (row + 3) * m + column);
}
