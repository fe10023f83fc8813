import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkRows } from '../operations/check-rows.js';
import { kCenter } from '../operations/k-center.js';
import { nearestRows } from '../operations/nearest-rows.js';
import {
  check,
  checkKnownOptions,
  checkLength,
  checkNumber,
  checkObject,
} from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { checkCoresetSize, coresetSize } from '../support/coreset-size.js';
import type { Progress } from '../support/progress.js';
import { rowsAt } from '../support/rows-at.js';
import { checkTensor } from '../support/tensors.js';
import { checkOrigins, MOST_ROWS_OF_SHARE, type OriginalCells } from './original-cells.js';

/** Rows that a coreset has at most, however many cells it stands for. */
const MOST_ROWS = 16384;

/**
 * Cells of normal images, which the cells of other images are compared with.
 *
 * @see ours, beyond the paper of SALAD; Roth et al., "Towards Total Recall in Industrial Anomaly Detection" (CVPR 2022), for a
 * bank of cells that is a greedy k-centre coreset.
 * @example
 * const bank = CellBank.from(rows, { films: [0, 0, 1], places: [5, 9, 5] });
 * const { distances } = bank.nearest(cells);
 * const scores = cellScore(distances);
 * bank.dispose();
 */
export class CellBank {
  private current: Tensor2D;

  private constructor(
    rows: Tensor2D,
    private filmOf: Int32Array,
    private placeOf: Int32Array,
  ) {
    this.current = tf.keep(rows);
  }

  /**
   * A bank with a copy of the given rows.
   *
   * @param rows [size, dim], cells of normal images; yours to dispose.
   * @param origins the image and the place that each comes from.
   * @returns a bank that the caller disposes.
   * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE where an origin is no whole number of at least 0
   */
  static from(rows: Tensor2D, origins: Pick<OriginalCells, 'films' | 'places'>): CellBank {
    const where = 'CellBank.from';
    checkTensor(where, 'rows', rows, 'a tensor [size, dim]');
    check(
      rows.rank === 2 && rows.size > 0,
      'SHAPE_MISMATCH',
      () => `${where}: rows has shape [${rows.shape}]; expected [size, dim] with at least one row.`,
    );
    checkKnownOptions(where, origins, { films: true, places: true });
    const { films, places } = checkOrigins(where, origins, rows.shape[0]);
    const copy = tf.tidy(() => tf.add<Tensor2D>(rows, 0));
    return new CellBank(copy, Int32Array.from(films), Int32Array.from(places));
  }

  /**
   * A bank of the cells that stand best for all: a greedy k-centre coreset of at most 16,384 rows.
   *
   * @param cells of normal images.
   * @returns a bank that the caller disposes.
   * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | NOT_FINITE | `signal.reason`
   * @see Gonzalez, "Clustering to minimize the maximum intercluster distance", Theoretical Computer Science 38 (1985).
   * @example
   * const bank = await CellBank.coreset({ rows, dim: 96, films, places }, { size: 0.1, seed: 7 });
   */
  static async coreset(
    cells: OriginalCells,
    options: {
      /** A share of the cells, in (0, 1], 6,000 of them at most, or a whole number of rows above 1; at most all cells. @defaultValue 0.1 */
      readonly size?: number;
      /** Draws the first row. Whole number. @defaultValue 0 */
      readonly seed?: number;
      /** Ends the call, which rejects with `signal.reason`. @defaultValue none */
      readonly signal?: AbortSignal;
      /** Told how many rows are chosen, about a hundred times. @defaultValue none */
      readonly onProgress?: (progress: Progress) => void;
    } = {},
  ): Promise<CellBank> {
    const where = 'CellBank.coreset';
    checkKnownOptions(where, options, { size: true, seed: true, signal: true, onProgress: true });
    const { size = 0.1, seed = 0, signal, onProgress } = options;
    checkCoresetSize(where, 'size', size);
    checkNumber(where, 'seed', seed, { integer: true });
    checkSignal(where, signal);
    checkFunction(where, 'onProgress', onProgress);
    checkObject(where, 'cells', cells, 'cells of normal images', ['rows', 'dim']);
    const count = checkRows(where, cells.rows, cells.dim);
    checkOrigins(where, cells, count);
    const { rows, dim } = cells;
    return bankOf(
      cells,
      await kCenter(rows, dim, {
        count: Math.min(MOST_ROWS, coresetSize(size, count, MOST_ROWS_OF_SHARE)),
        seed,
        signal,
        onProgress,
      }),
    );
  }

  /** N, the number of rows. */
  get size(): number {
    return this.rows.shape[0];
  }

  /** Numbers of a cell. */
  get dim(): number {
    return this.rows.shape[1];
  }

  /** The rows, [size, dim]. Borrowed: not to be disposed, and replaced as rows are added. @throws DISPOSED */
  get rows(): Tensor2D {
    check(
      !this.current.isDisposed,
      'DISPOSED',
      () => 'CellBank: the bank has been disposed; make a new one.',
    );
    return this.current;
  }

  /** [size], the image that each row comes from, by its index in the training source. */
  get films(): Int32Array {
    return this.filmOf;
  }

  /** [size], the cell of the image's grid that each row is, row by row. */
  get places(): Int32Array {
    return this.placeOf;
  }

  /**
   * The row that each cell is nearest to.
   *
   * @param cells [batch, cells, dim], as `cellsOf` returns them.
   * @param where the call that errors name; default 'CellBank.nearest'
   * @returns [batch, cells] each: `distances`, Euclidean, exact near 0 and NaN where a cell is; `rows`, int32, the nearest row,
   * the lower one of equal ones. The caller disposes them.
   * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | DISPOSED | NO_ROWS_KEPT where all rows come from an image's own cells
   * @example
   * const { distances, rows } = bank.nearest(cells, { ownFilms: [12] });
   */
  nearest(
    cells: Tensor3D,
    options: {
      /** [batch]: the image whose rows are left out, its own when a training image is compared; -1 for none. @defaultValue none */
      readonly ownFilms?: ArrayLike<number>;
    } = {},
    where = 'CellBank.nearest',
  ): { distances: Tensor2D; rows: Tensor2D } {
    checkKnownOptions(where, options, { ownFilms: true });
    checkTensor(where, 'cells', cells, 'a tensor [batch, cells, dim]');
    const { rows: bank, dim } = this;
    check(
      cells.rank === 3 && cells.size > 0 && cells.shape[2] === dim,
      'SHAPE_MISMATCH',
      () =>
        `${where}: cells has shape [${cells.shape}] but the bank has shape [${bank.shape}]; expected [batch, cells, dim] with the same dim.`,
      { cells: cells.shape, bank: bank.shape },
    );
    const [batch, count] = cells.shape;
    const { ownFilms } = options;
    if (ownFilms) checkLength(where, 'ownFilms', ownFilms, batch, 'images (an image, or -1)');
    const own = ownFilms ? this.rowsOfOne(where, ownFilms) : 0;
    return tf.tidy(() => {
      const queries = tf.reshape(cells, [batch * count, dim]) as Tensor2D;
      const found = nearestRows(queries, bank, { k: own + 1 });
      const one = own > 0 ? this.others(found, ownFilms as ArrayLike<number>, count) : found;
      return {
        distances: tf.reshape(one.distances, [batch, count]) as Tensor2D,
        rows: tf.reshape(one.indices, [batch, count]) as Tensor2D,
      };
    });
  }

  /**
   * Adds a copy of the rows of another bank at the end.
   *
   * @param other of cells of the same numbers; yours to dispose.
   * @param firstFilm what is added to the indices of its images. @defaultValue 0
   * @throws INVALID_OPTION | SHAPE_MISMATCH | DISPOSED
   */
  append(other: CellBank, firstFilm = 0): void {
    const where = 'CellBank.append';
    checkNumber(where, 'firstFilm', firstFilm, { min: 0, integer: true });
    checkTensor(where, 'rows of other', other?.rows, 'a CellBank');
    check(
      other.dim === this.dim,
      'SHAPE_MISMATCH',
      () =>
        `${where}: a cell of other has ${other.dim} numbers, one of the bank ${this.dim}; expected cells of one model.`,
    );
    const joined = tf.concat([this.rows, other.rows], 0);
    this.current.dispose();
    this.current = tf.keep(joined);
    this.filmOf = joined32(
      this.filmOf,
      other.films.map((film) => firstFilm + film),
    );
    this.placeOf = joined32(this.placeOf, other.places);
  }

  /** A bank of its own with the same rows. @returns a bank that the caller disposes. @throws DISPOSED */
  clone(): CellBank {
    return new CellBank(tf.clone(this.rows), this.filmOf, this.placeOf);
  }

  /** Frees the rows; a second call does nothing. */
  dispose(): void {
    this.current.dispose();
  }

  /** The most rows that one of the images has in the bank, of which another one must be left. */
  private rowsOfOne(where: string, films: ArrayLike<number>): number {
    const counts = new Map<number, number>();
    for (const film of this.filmOf) counts.set(film, (counts.get(film) ?? 0) + 1);
    const most = Math.max(0, ...Array.from(films, (film) => counts.get(film) ?? 0));
    check(
      most < this.size,
      'NO_ROWS_KEPT',
      () =>
        `${where}: all ${this.size} rows come from the image itself; expected cells of another normal image.`,
    );
    return most;
  }

  /** The nearest of rows found that is not of the query's own image. */
  private others(
    { distances, indices }: { distances: Tensor2D; indices: Tensor2D },
    ownFilms: ArrayLike<number>,
    cells: number,
  ): { distances: tf.Tensor; indices: tf.Tensor } {
    const [queries, k] = indices.shape;
    const own = Int32Array.from({ length: queries }, (_, i) => ownFilms[Math.floor(i / cells)]);
    const films = tf.gather(tf.tensor1d(this.filmOf, 'int32'), tf.reshape(indices, [-1]));
    const isOwn = tf.equal(
      tf.reshape(films, [queries, k]),
      tf.tensor2d(own, [queries, 1], 'int32'),
    );
    // Nearest first: the first that is not its own.
    const first = tf.argMin(tf.cast(isOwn, 'int32'), 1);
    const starts = tf.range(0, queries * k, k, 'int32');
    const places = tf.add(first, starts) as Tensor1D;
    return {
      distances: tf.gather(tf.reshape(distances, [-1]), places),
      indices: tf.gather(tf.reshape(indices, [-1]), places),
    };
  }
}

function joined32(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** A bank of some of the cells. */
export function bankOf({ rows, dim, films, places }: OriginalCells, chosen: Int32Array): CellBank {
  const tensor = tf.tensor2d(rowsAt(rows, dim, chosen), [chosen.length, dim]);
  try {
    return CellBank.from(tensor, {
      films: chosen.map((row) => films[row]),
      places: chosen.map((row) => places[row]),
    });
  } finally {
    tensor.dispose();
  }
}
