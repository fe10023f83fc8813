import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { copyOf, gatherRows, ownBlocks } from '../operations/bank-blocks.js';
import { BankMemory } from '../operations/bank-memory.js';
import { coresetOf } from '../operations/coreset.js';
import { randomBlocks } from '../operations/random-blocks.js';
import {
  check,
  checkIndices,
  checkKnownOptions,
  checkLength,
  checkNumber,
} from '../support/check.js';
import type { Progress } from '../support/progress.js';
import { RandomStream } from '../support/random.js';
import { checkTensor } from '../support/tensors.js';
import { checkBackendReady } from '../support/train-check.js';
import { checkAgainstBank, READ_BLOCKS, READ_ROWS } from './bank-like.js';

/** A new row shorter than this keeps the old one: its direction would be rounding noise. */
const SHORTEST_ROW = 1e-6;

/** A bank that takes a tensor over without a copy: nobody else holds its memory, or disposes it. */
export let adoptRows: (rows: Tensor2D) => MemoryBank;

/**
 * One unit vector per training image: M = {m_j}, j = 1..N.
 *
 * Row i belongs to image i of the training set. The bank moves only through `update`, which the
 * caller runs after the optimiser's step; losses and scores read it as a constant. It is the only one
 * to hold its memory, so that an update may write into it.
 *
 * @see Wu et al., CVPR 2018 (the bank); Bozorgtabar et al., MICCAI 2020, section 2 (its momentum).
 * @example
 * const bank = MemoryBank.random({ size: 803, dim: 200, seed: 7 });
 * const losses = sampleSpecificLoss(embeddings, bank, { rows: [4, 8, 15] });
 * bank.update([4, 8, 15], embeddings, { momentum: 0.5 });
 * bank.dispose();
 */
export class MemoryBank {
  private readonly memory: BankMemory;

  static {
    adoptRows = (rows) => new MemoryBank([rows]);
    Object.defineProperties(MemoryBank.prototype, {
      [READ_ROWS]: {
        get(this: MemoryBank) {
          return this.memory.whole();
        },
      },
      [READ_BLOCKS]: {
        get(this: MemoryBank) {
          return this.memory.blocks();
        },
      },
    });
  }

  private constructor(blocks: readonly Tensor2D[]) {
    this.memory = new BankMemory(blocks);
  }

  /**
   * A bank of random unit vectors, the start of training: normal draws, normalised.
   *
   * @returns a bank that the caller disposes; the same one for the same options.
   * @throws INVALID_OPTION | UNKNOWN_OPTION | BACKEND_NOT_READY
   */
  static random(options: {
    /** N, rows: one for each training image. */
    size: number;
    /** Numbers in a row: the embedding size. */
    dim: number;
    /** Whole number. @defaultValue 0 */
    seed?: number;
  }): MemoryBank {
    checkKnownOptions('MemoryBank.random', options, { size: true, dim: true, seed: true });
    const { size, dim, seed = 0 } = options;
    checkNumber('MemoryBank.random', 'size', size, { min: 1, integer: true });
    checkNumber('MemoryBank.random', 'dim', dim, { min: 1, integer: true });
    checkBackendReady('MemoryBank.random');
    const random = new RandomStream(seed, ['memory-bank']);
    return new MemoryBank(randomBlocks(random, size, dim));
  }

  /**
   * A bank with a copy of the given rows.
   *
   * @param rows [size, dim], unit rows; yours to dispose.
   * @returns a bank that the caller disposes.
   * @throws SHAPE_MISMATCH | INVALID_OPTION
   */
  static from(rows: Tensor2D): MemoryBank {
    checkTensor('MemoryBank.from', 'rows', rows, 'a tensor [size, dim]');
    check(
      rows.rank === 2 && rows.shape[0] > 0,
      'SHAPE_MISMATCH',
      () =>
        `MemoryBank.from: rows has shape [${rows.shape}]; expected [size, dim] with at least one row.`,
    );
    return new MemoryBank(ownBlocks(rows));
  }

  /** N, the number of rows. */
  get size(): number {
    return this.memory.shape[0];
  }

  /** Numbers in a row. */
  get dim(): number {
    return this.memory.shape[1];
  }

  /**
   * The rows, [size, dim]. Borrowed: not to be disposed, and replaced by the next update, which leaves clones and slices of
   * them as they are: where the rows were asked for since the last update, it copies the bank once. Where the bank lies in blocks,
   * asking puts them together into one tensor.
   *
   * @throws DISPOSED
   */
  get rows(): Tensor2D {
    return this.memory.lend();
  }

  /**
   * Moves the rows of a batch towards its embeddings: m_i <- normalise((1 - t) m_i + t z_i).
   *
   * A row that occurs twice starts from its old row both times, and the last one is kept. A result
   * shorter than 1e-6 keeps the old row. The other rows keep their values. With `enableWasmTraining` or
   * `enableNativeKernels` an update costs the same at any N. Elsewhere the bank lies in blocks of 4096 rows, each a tensor, and
   * the blocks in which rows of the batch lie are made anew; a bank that is one tensor there is split by its first update.
   *
   * @param rows [batch], the row of each embedding. @param embeddings [batch, dim], unit rows: those
   * of before the optimiser's step.
   * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION | DISPOSED
   * @see the paper, section 2; the normalisation is that of its sources, without it rows would not be unit.
   */
  update(
    rows: ArrayLike<number>,
    embeddings: Tensor2D,
    options: {
      /** t, weight of the NEW embedding, in [0, 1] (paper: 0.5). @defaultValue 0.5 */
      momentum?: number;
    } = {},
  ): void {
    const where = 'MemoryBank.update';
    checkKnownOptions(where, options, { momentum: true });
    const { momentum = 0.5 } = options;
    checkNumber(where, 'momentum', momentum, { min: 0, max: 1 });
    const blocks = this.memory.blocks();
    const { batch, size } = checkAgainstBank(where, embeddings, blocks);
    checkLength(where, 'rows', rows, batch, 'embeddings');
    checkIndices(where, 'rows', rows, size);
    const lastUse = new Map<number, number>();
    for (let i = 0; i < batch; i++) lastUse.set(rows[i], i);
    const distinct = [...lastUse.keys()];
    const next = tf.tidy(() => {
      const old = gatherRows(blocks, distinct);
      const latest =
        lastUse.size === batch ? embeddings : tf.gather(embeddings, [...lastUse.values()]);
      const mixed = tf.add(tf.mul(old, 1 - momentum), tf.mul(latest, momentum));
      const length = tf.sqrt(tf.sum(tf.square(mixed), 1, true));
      const longEnough = tf.cast(tf.greaterEqual(length, SHORTEST_ROW), 'float32');
      const unit = tf.div(mixed, tf.maximum(length, SHORTEST_ROW));
      return tf.add(tf.mul(unit, longEnough), tf.mul(old, tf.sub(1, longEnough))) as Tensor2D;
    });
    try {
      this.memory.write(Int32Array.from(distinct), next);
    } finally {
      next.dispose();
    }
  }

  /**
   * Adds rows at the end, as they are, one for each new image.
   *
   * @param embeddings [count, dim], unit rows.
   * @throws SHAPE_MISMATCH | EMPTY_SET | INVALID_OPTION | DISPOSED
   */
  append(embeddings: Tensor2D): void {
    checkAgainstBank('MemoryBank.append', embeddings, this.memory.blocks());
    this.memory.append(embeddings);
  }

  /**
   * The rows that stand best for all: a greedy k-centre coreset, each row the one farthest from those chosen before.
   *
   *     c_1 = a row drawn by the seed;   c_n = argmax_i min_(m < n) |m_i - m_(c_m)|
   *
   * Of vectors of length 1 the farthest by distance is the farthest by angle. Rows are read into memory once.
   *
   * @returns [rows chosen], which they are, in the order in which they were chosen.
   * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | NO_ROWS_KEPT | NOT_FINITE | DISPOSED | `signal.reason`
   * @see Gonzalez, "Clustering to minimize the maximum intercluster distance", Theoretical Computer Science 38 (1985); what a
   * coreset costs is in docs/large-banks.md.
   * @example
   * const chosen = await model.bank.coreset({ size: 0.25, discard: model.discard });
   * const smaller = MemoryBank.from(tf.gather(model.bank.rows, chosen));
   */
  async coreset(
    options: {
      /** A share of the rows kept, in (0, 1], or a whole number of rows above 1; at most all. @defaultValue 0.1 */
      readonly size?: number;
      /** Draws the first row. Whole number. @defaultValue 0 */
      readonly seed?: number;
      /** [size]: rows that are not chosen, such as those of known anomalies. @defaultValue none */
      readonly discard?: ArrayLike<boolean | number>;
      /** Ends the call, which rejects with `signal.reason`. @defaultValue none */
      readonly signal?: AbortSignal;
      /** Told how many rows are chosen, about a hundred times. @defaultValue none */
      readonly onProgress?: (progress: Progress) => void;
    } = {},
  ): Promise<Int32Array> {
    return coresetOf('MemoryBank.coreset', this.memory.blocks(), options);
  }

  /** A bank of its own with the same rows. @returns a bank that the caller disposes. @throws DISPOSED */
  clone(): MemoryBank {
    return new MemoryBank(this.memory.blocks().map(copyOf));
  }

  /** Frees the rows; a second call does nothing. */
  dispose(): void {
    this.memory.dispose();
  }
}
