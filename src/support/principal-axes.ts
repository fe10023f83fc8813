import { RandomStream } from './random.js';

/** Rows that the axes are found from, at most. */
const SAMPLE = 2048;

/** Steps towards the axes; more would hardly turn them. */
const STEPS = 6;

/** A vector that the axes before it leave so little of is no direction of its own. */
const NOTHING = 1e-6;

/**
 * The directions along which rows vary most, about, by orthogonal iteration with a sample's covariance.
 *
 * @param rows [size * dim]. @param most axes at most.
 * @returns the mean of all rows; orthonormal axes, fewer where the sample varies along fewer; and the share of the sample's
 * variance along each.
 * @see Golub and Van Loan, Matrix Computations, section 8.2.4
 */
export function principalAxes(
  rows: Float32Array,
  dim: number,
  most: number,
): { mean: Float64Array; axes: Float64Array[]; shares: number[] } {
  const mean = meanOf(rows, dim);
  const covariance = covarianceOf(rows, mean);
  const random = new RandomStream(0, ['principal-axes']);
  let axes: Float64Array[] = Array.from({ length: Math.min(most, dim) }, () =>
    mean.map(() => random.gaussian()),
  );
  const turned = (axis: Float64Array) => mean.map((_, i) => dot(covariance[i], axis));
  for (let step = 0; step < STEPS; step++) axes = orthonormal(axes.map(turned));
  const total = covariance.reduce((sum, row, i) => sum + row[i], 0);
  return { mean, axes, shares: axes.map((axis) => dot(axis, turned(axis)) / total) };
}

/** Leaves of `vector` what is orthogonal to the axis. @returns how far it went along it. */
export function takeOut(axis: Float64Array, vector: Float64Array): number {
  const along = dot(axis, vector);
  for (let i = 0; i < axis.length; i++) vector[i] -= along * axis[i];
  return along;
}

export function lengthOf(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}

function meanOf(rows: Float32Array, dim: number): Float64Array {
  const sums = new Float64Array(dim);
  for (let start = 0; start < rows.length; start += dim) {
    for (let i = 0; i < dim; i++) sums[i] += rows[start + i];
  }
  return sums.map((sum) => (sum * dim) / rows.length);
}

/** [dim][dim], but for a factor, of rows at equal steps. */
function covarianceOf(rows: Float32Array, mean: Float64Array): Float64Array[] {
  const dim = mean.length;
  const covariance = Array.from(mean, () => new Float64Array(dim));
  const step = Math.ceil(rows.length / dim / SAMPLE) * dim;
  for (let start = 0; start < rows.length; start += step) {
    const row = mean.map((center, i) => rows[start + i] - center);
    covariance.forEach((sums, i) => {
      for (let j = 0; j < dim; j++) sums[j] += row[i] * row[j];
    });
  }
  return covariance;
}

/** Gram-Schmidt, twice for each vector, or rounding would leave some of those before it. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const axes: Float64Array[] = [];
  for (const vector of vectors) {
    const length = lengthOf(vector);
    for (let pass = 0; pass < 2; pass++) for (const axis of axes) takeOut(axis, vector);
    const left = lengthOf(vector);
    if (left > NOTHING * length) axes.push(vector.map((value) => value / left));
  }
  return axes;
}
