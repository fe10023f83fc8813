/** Some rows of a matrix [size * dim], row after row, as a matrix of their own. */
export function rowsAt(values: Float32Array, dim: number, rows: ArrayLike<number>): Float32Array {
  const some = new Float32Array(rows.length * dim);
  for (let i = 0; i < rows.length; i++)
    some.set(values.subarray(rows[i] * dim, (rows[i] + 1) * dim), i * dim);
  return some;
}
