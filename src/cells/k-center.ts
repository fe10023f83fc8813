import { checkNumber } from '../support/check.js';
import { hostTurns } from '../support/host.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { RandomStream } from '../support/random.js';
import { checkRows } from './check-rows.js';

/** What `kCenter` is told beside the rows. */
export interface KCenterOptions {
  /** Rows to choose: at least 1, at most all. */
  readonly count: number;
  /** Draws the first row. */
  readonly seed: number;
  /** Ends the work, by its reason. */
  readonly signal?: AbortSignal;
  /** Is told the rows chosen so far, about a hundred times. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How often progress is told at most. */
const REPORTS = 100;

/**
 * Greedy k-centre: rows that stand for all others, each the one farthest from those chosen before.
 *
 *     c_1 = a row drawn by the seed;   c_n = argmax_i min_(m < n) |x_i - x_(c_m)|
 *
 * The largest distance from a row to the nearest one chosen is at most twice the least that any choice of as many
 * could have. Distances are computed in float64; of equal ones the lower row is chosen. A row is chosen once, so that
 * of equal rows the rest comes last.
 *
 * @param rows [size * dim], finite numbers, row after row.
 * @param dim numbers of a row.
 * @returns [count], the rows in the order in which they were chosen.
 * @throws INVALID_OPTION, SHAPE_MISMATCH, NOT_FINITE
 * @see Gonzalez, "Clustering to minimize the maximum intercluster distance", Theoretical Computer Science 38, 1985
 */
export async function kCenter(
  rows: Float32Array,
  dim: number,
  { count, seed, signal, onProgress }: KCenterOptions,
): Promise<Int32Array> {
  const size = checkRows('kCenter', rows, dim);
  checkNumber('kCenter', 'count', count, { min: 1, max: size, integer: true });
  checkNumber('kCenter', 'seed', seed, { integer: true });
  const giveHostItsTurn = hostTurns(signal);
  const progress = paceOf(count);
  const chosen = new Int32Array(count);
  const nearest = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  let next = new RandomStream(seed, ['k-center']).integer(size);
  for (let n = 0; n < count; n++) {
    await giveHostItsTurn();
    chosen[n] = next;
    next = farthestAfter(rows, dim, next, nearest);
    if ((n + 1) % Math.ceil(count / REPORTS) === 0 || n + 1 === count)
      onProgress?.(progress(n + 1));
  }
  return chosen;
}

/** A row that is chosen is nearer to the chosen ones than any that is not. */
const CHOSEN = -1;

/** Takes a centre into the squared distances to the nearest one. @returns the row that is farthest then. */
function farthestAfter(
  rows: Float32Array,
  dim: number,
  center: number,
  nearest: Float64Array,
): number {
  nearest[center] = CHOSEN;
  let farthest = center;
  for (let row = 0; row < nearest.length; row++) {
    if (nearest[row] > 0) {
      nearest[row] = Math.min(nearest[row], squaredDistance(rows, dim, row, center));
    }
    if (nearest[row] > nearest[farthest]) farthest = row;
  }
  return farthest;
}

function squaredDistance(rows: Float32Array, dim: number, one: number, other: number): number {
  let sum = 0;
  for (let i = one * dim, j = other * dim; i < (one + 1) * dim; i++, j++) {
    const difference = rows[i] - rows[j];
    sum += difference * difference;
  }
  return sum;
}
