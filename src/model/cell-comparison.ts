import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CellBank } from '../cells/cell-bank.js';
import { cellScore } from '../cells/cell-score.js';
import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import { hostTurns } from '../support/host.js';
import type { CellSettings } from './cell-settings.js';
import type { CellVisitor } from './inference.js';

/** Products in the first piece of work, at most a hundredth of a second or so: between two of them the host has its turn. */
const PIECE = 5e7;

/** Milliseconds that a piece is to take at least: each has calls of its own. */
const LEAST = 5;

/** How the cells of images are compared with a bank. */
export interface CellComparison {
  readonly bank: CellBank;
  readonly settings: CellSettings;
  /** [images of the source]: the training image that each is, whose cells are left out; -1 for none. */
  readonly ownRows?: ArrayLike<number>;
  /** Whether the distance of every cell is kept, and its nearest row, besides the score of the image. */
  readonly everyCell?: boolean;
  readonly signal?: AbortSignal;
}

/** What a bank of cells says of images, in their order. */
export interface ComparedCells {
  /** [images], mean distance, or what the reading makes of the distances; at least 0. */
  readonly scores: Float32Array;
  /** [images][cells], the distance of each cell; empty unless every cell is kept. */
  readonly distances: readonly Float32Array[];
  /** [images][cells], the nearest row of each; empty likewise. */
  readonly rows: readonly Int32Array[];
}

/** Compares the cells of a source with a bank, a batch of images after the other. */
export function cellComparison(
  where: string,
  { ids }: Pick<ImageSource, 'ids'>,
  { bank, settings, ownRows, everyCell, signal }: CellComparison,
): CellVisitor & { found(): ComparedCells } {
  const scores: number[] = [];
  const distances: Float32Array[] = [];
  const rows: Int32Array[] = [];
  const giveHostItsTurn = hostTurns(signal);
  let products = PIECE;
  const { levels, grid, reading } = settings;
  return {
    options: { levels, grid },
    found: () => ({ scores: Float32Array.from(scores), distances, rows }),
    async visit(cells, indices) {
      const [images, count, dim] = cells.shape;
      for (let first = 0, piece = 0; first < images; first += piece) {
        piece = Math.max(1, Math.floor(products / (count * bank.size * dim)));
        await giveHostItsTurn();
        const began = performance.now();
        const of = indices.subarray(first, first + piece);
        const ownFilms = ownRows && Array.from(of, (index) => ownRows[index]);
        const found = tf.tidy(() => {
          const some = tf.slice(cells, [first, 0, 0], [of.length, count, dim]) as Tensor3D;
          const nearest = bank.nearest(some, { ...(ownFilms && { ownFilms }) }, where);
          return { ...nearest, scores: cellScore(nearest.distances, reading) };
        });
        try {
          const read = await found.scores.data();
          if (of.length === piece && performance.now() - began < LEAST) products *= 2;
          read.forEach((score, i) => {
            checkCell(where, score, ids[of[i]]);
            scores.push(score);
          });
          if (!everyCell) continue;
          const [every, near] = [await found.distances.data(), await found.rows.data()];
          for (let i = 0; i < of.length; i++) {
            distances.push(every.slice(i * count, (i + 1) * count) as Float32Array);
            rows.push(near.slice(i * count, (i + 1) * count) as Int32Array);
          }
        } finally {
          tf.dispose(found);
        }
      }
    },
  };
}

/** @throws INVALID_EMBEDDING for a cell, or a distance of one, that is not finite */
export function checkCell(where: string, value: number, id: string): void {
  check(
    Number.isFinite(value),
    'INVALID_EMBEDDING',
    () =>
      `${where}: a cell of image '${id}' is ${value}; expected finite numbers. That comes from a diverged or dead network, or from maps of your own encoder: lower the learning rate, or check what it returns.`,
  );
}
