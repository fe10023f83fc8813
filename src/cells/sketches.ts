import { lengthOf, principalAxes, takeOut } from './principal-axes.js';

/** Numbers of a sketch: places along axes, and a length. */
const WIDTH = 32;

/**
 * What rounding can add to the distance of two sketches, twice over. Their numbers are rounded to float32, so that a
 * sketch, at most 1 long, is wrong by 2^-24; all else is computed in float64.
 */
const ROUNDING = 2 ** -22;

/** Room for axes that are orthonormal but for rounding, as a factor. */
const ROOM = 1 + 1e-6;

/**
 * Short forms of rows that tell most pairs of rows that are far apart.
 *
 * A sketch is where a row lies along orthonormal axes a_k, and how long the rest r of it is. By Pythagoras and the
 * triangle inequality, whatever the axes,
 *
 *     |x - y|^2 >= sum_k (x . a_k - y . a_k)^2 + (|r_x| - |r_y|)^2
 */
export class Sketches {
  private readonly values: Float32Array;
  /** The length of the longest row, less the mean of all: what sketches are measured in. */
  private readonly unit: number;

  /** @param rows [size * dim]. */
  constructor(rows: Float32Array, dim: number) {
    const { mean, axes } = principalAxes(rows, dim, WIDTH - 1);
    this.unit = longest(rows, mean) || 1;
    this.values = new Float32Array((rows.length / dim) * WIDTH);
    const rest = new Float64Array(dim);
    for (let start = 0, to = 0; start < rows.length; start += dim, to += WIDTH) {
      for (let i = 0; i < dim; i++) rest[i] = (rows[start + i] - mean[i]) / this.unit;
      for (let k = 0; k < axes.length; k++) this.values[to + 1 + k] = takeOut(axes[k], rest);
      this.values[to] = lengthOf(rest);
    }
  }

  /**
   * The first of some rows that may be nearer to `row` than a distance; all before it are not.
   *
   * @param others rows. @param from, end places in `others`. @param squared that distance, squared.
   * @returns a place in `others`, or `end`.
   */
  firstNear(row: number, others: Int32Array, from: number, end: number, squared: number): number {
    const { values } = this;
    const limit = (Math.sqrt(squared) / this.unit + ROUNDING) ** 2 * ROOM;
    for (let at = from; at < end; at++) {
      let sum = 0;
      let i = row * WIDTH;
      let j = others[at] * WIDTH;
      for (const last = i + WIDTH; i < last && sum <= limit; i += 4, j += 4) {
        const a = values[i] - values[j];
        const b = values[i + 1] - values[j + 1];
        const c = values[i + 2] - values[j + 2];
        const d = values[i + 3] - values[j + 3];
        sum += a * a + b * b + c * c + d * d;
      }
      if (sum <= limit) return at;
    }
    return end;
  }
}

function longest(rows: Float32Array, mean: Float64Array): number {
  let most = 0;
  for (let start = 0; start < rows.length; start += mean.length) {
    let sum = 0;
    for (let i = 0; i < mean.length; i++) sum += (rows[start + i] - mean[i]) ** 2;
    most = Math.max(most, sum);
  }
  return Math.sqrt(most);
}
