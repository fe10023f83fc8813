import { checkNumber } from '../support/check.js';
import { hostTurns } from '../support/host.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { RandomStream } from '../support/random.js';
import { checkRows } from './check-rows.js';
import { FarthestRows } from './farthest-rows.js';

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

/** How often progress is told, about. */
const REPORTS = 100;

/** Rows looked at without a break. */
const PIECE = 100;

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
  await giveHostItsTurn();
  const progress = paceOf(count);
  const choice = new FarthestRows(rows, dim, new RandomStream(seed, ['k-center']).integer(size));
  const everySoMany = Math.ceil(count / REPORTS);
  for (let chosen = 1; chosen <= count; chosen++) {
    do await giveHostItsTurn();
    while (!choice.choose(PIECE));
    if (chosen % everySoMany === 0 || chosen === count) onProgress?.(progress(chosen));
  }
  return choice.rows.slice(0, count);
}
