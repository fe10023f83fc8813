import * as tf from '@tensorflow/tfjs-core';
import { nearestRows } from '../operations/nearest-rows.js';
import { coresetSize } from '../support/coreset-size.js';
import { hostTurns } from '../support/host.js';
import { CellBank } from './cell-bank.js';
import { MOST_ROWS_OF_SHARE, type OriginalCells } from './original-cells.js';

/** Products in one piece of work: between two of them the host has its turn. */
const PIECE = 5e7;

/** What a coreset is to be like. */
interface CoresetOptions {
  /** A share of the cells, in (0, 1], or a number of rows above 1. */
  readonly size: number;
  /** The share of the rows that is left out, in [0, 1). */
  readonly discard: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/**
 * A coreset of cells of normal images, without those rows that lie nearest to cells of known anomalies: what is like them there
 * would hide others of their kind.
 *
 * It has as many rows as the coreset without known anomalies, as far as there are cells: more are chosen before the share of them
 * is left out.
 */
export async function coresetAwayFrom(
  cells: OriginalCells,
  known: Pick<OriginalCells, 'rows' | 'dim'> | undefined,
  { size, discard, seed, signal }: CoresetOptions,
): Promise<CellBank> {
  const count = cells.films.length;
  const asked = coresetSize(size, count, MOST_ROWS_OF_SHARE);
  const more = Math.min(count, Math.round(asked / (1 - discard)));
  if (!known || known.rows.length === 0 || discard === 0 || more < 2)
    return CellBank.coreset(cells, { size, seed, signal });
  const bank = await CellBank.coreset(cells, { size: more, seed, signal });
  try {
    const distances = await distancesTo(known, bank, signal);
    const kept = Math.max(1, Math.min(asked, bank.size - Math.round(discard * bank.size)));
    const farthest = [...distances.keys()].sort((a, b) => distances[b] - distances[a]);
    return rowsOf(
      bank,
      farthest.slice(0, kept).sort((a, b) => a - b),
    );
  } finally {
    bank.dispose();
  }
}

/** [size]: the distance of each row of a bank to the nearest of the known cells. */
async function distancesTo(
  known: Pick<OriginalCells, 'rows' | 'dim'>,
  bank: CellBank,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const { dim } = known;
  const others = tf.tensor2d(known.rows, [known.rows.length / dim, dim]);
  const found = new Float32Array(bank.size);
  const step = Math.max(1, Math.floor(PIECE / known.rows.length));
  const giveHostItsTurn = hostTurns(signal);
  try {
    for (let first = 0; first < found.length; first += step) {
      await giveHostItsTurn();
      const size = Math.min(step, found.length - first);
      const { distances, indices } = tf.tidy(() =>
        nearestRows(tf.slice(bank.rows, [first, 0], [size, dim]), others),
      );
      try {
        found.set(await distances.data(), first);
      } finally {
        tf.dispose([distances, indices]);
      }
    }
    return found;
  } finally {
    others.dispose();
  }
}

/** A bank of some rows of another. */
export function rowsOf(bank: CellBank, chosen: readonly number[]): CellBank {
  const rows = tf.tidy(() => tf.gather(bank.rows, tf.tensor1d([...chosen], 'int32')));
  try {
    return CellBank.from(rows, {
      films: chosen.map((row) => bank.films[row]),
      places: chosen.map((row) => bank.places[row]),
    });
  } finally {
    rows.dispose();
  }
}
