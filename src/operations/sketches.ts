import { lengthOf, principalAxes, takeOut } from '../support/principal-axes.js';

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
  private kept = new Float32Array(256 * WIDTH);
  private count = 0;

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

  /** Puts a row among those that others are compared with, behind the ones put there before. */
  keep(row: number): void {
    const sketch = this.values.subarray(row * WIDTH, (row + 1) * WIDTH);
    if (this.count * WIDTH === this.kept.length) {
      const more = new Float32Array(2 * this.kept.length);
      more.set(this.kept);
      this.kept = more;
    }
    this.kept.set(sketch, this.count++ * WIDTH);
  }

  /**
   * The first of the kept rows that may be nearer to a row than a distance.
   *
   * @param from the first of the kept ones that is asked for. @param squared that distance, squared.
   * @returns its place among the kept ones, or their number where there is none.
   */
  firstNear(row: number, from: number, squared: number): number {
    const { values, kept, count } = this;
    const limit = (Math.sqrt(squared) / this.unit + ROUNDING) ** 2 * ROOM;
    const start = row * WIDTH;
    const [x0, x1, x2, x3, x4, x5, x6, x7] = values.subarray(start, start + 8);
    for (let at = from, k = from * WIDTH; at < count; at++, k += WIDTH) {
      const a = x0 - kept[k];
      const b = x1 - kept[k + 1];
      const c = x2 - kept[k + 2];
      const d = x3 - kept[k + 3];
      const e = x4 - kept[k + 4];
      const f = x5 - kept[k + 5];
      const g = x6 - kept[k + 6];
      const h = x7 - kept[k + 7];
      let sum = a * a + b * b + c * c + d * d + (e * e + f * f + g * g + h * h);
      for (let i = 8; i < WIDTH && sum <= limit; i += 4) {
        const a = values[start + i] - kept[k + i];
        const b = values[start + i + 1] - kept[k + i + 1];
        const c = values[start + i + 2] - kept[k + i + 2];
        const d = values[start + i + 3] - kept[k + i + 3];
        sum += a * a + b * b + (c * c + d * d);
      }
      if (sum <= limit) return at;
    }
    return count;
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
