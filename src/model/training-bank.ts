import * as tf from '@tensorflow/tfjs-core';
import type { CellPool } from '../cells/cell-pool.js';
import { bankRows } from '../core/bank-like.js';
import { adoptRows, MemoryBank } from '../core/memory-bank.js';
import type { ImageSource } from '../images/image-source.js';
import { checkAllRead, type ImageProblem } from '../images/problems.js';
import { labelsOf } from '../learning/labels.js';
import { cellCollector, readsCells } from './cell-banks.js';
import { embedReadable } from './inference.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import type { TrainingState } from './training-state.js';

/** A bank as images are encoded now. */
export interface EncodedBank {
  /** Row i belongs to image i of the source; the caller disposes it. */
  readonly bank: MemoryBank;
  /** [length]: rows that no score is computed from. */
  readonly discard: boolean[];
  /** Cells of the normal images that could be read, where the score is made of cells. */
  readonly pool?: CellPool;
  /** Images that could not be read. */
  readonly problems: readonly ImageProblem[];
}

/** The rows there were before: what is kept of an image that cannot be read. */
export interface EarlierRows {
  readonly bank: MemoryBank;
  /** [length]: whether a row has nothing of its image; asked where one cannot be read. */
  readonly unlearnt: () => ArrayLike<boolean> | Promise<ArrayLike<boolean>>;
}

/**
 * Encodes every image of a training source, as it is.
 *
 * An image that cannot be read keeps its earlier row; where that has nothing of it, as after a run in
 * which it could never be read, no score is computed from it.
 *
 * @throws IMAGE_UNREADABLE where there is no earlier row, or no image could be read
 */
export async function encodeBank(
  where: string,
  network: Network,
  source: ImageSource,
  settings: SaladSettings,
  earlier: EarlierRows | undefined,
): Promise<EncodedBank> {
  const discard = labelsOf(source);
  const collected = readsCells(settings) && cellCollector(where, source, settings, discard);
  const cells = collected || undefined;
  const { embeddings, indices, problems } = await embedReadable(where, network, source, cells);
  const pool = cells?.pool();
  try {
    if (problems.length === 0)
      return { bank: adoptRows(tf.clone(embeddings)), discard, pool, problems };
    if (earlier?.bank.size !== source.length || problems.length === source.length)
      checkAllRead(where, problems);
    const { bank, unlearnt } = earlier as EarlierRows;
    const nothing = await unlearnt();
    for (const { index } of problems) discard[index] ||= nothing[index];
    const rows = tf.tidy(() => {
      const at = tf.tensor2d(Int32Array.from(indices), [indices.length, 1], 'int32');
      const copy = tf.add(bankRows(where, bank), 0);
      return tf.tensorScatterUpdate(copy, at, embeddings) as tf.Tensor2D;
    });
    return { bank: adoptRows(rows), discard, pool, problems };
  } finally {
    embeddings.dispose();
  }
}

/**
 * The bank of a run's training images, as the network encodes them now. Those that cannot be read are
 * reported, and keep the row that the steps have given them.
 */
export async function encodeBankOfRun(
  where: string,
  network: Network,
  source: ImageSource,
  { bank, problems }: TrainingState,
  settings: SaladSettings,
): Promise<EncodedBank> {
  const running = { bank, unlearnt: () => neverMoved(bank, settings.seed) };
  const encoded = await encodeBank(where, network, source, settings, running);
  encoded.problems.forEach(problems.add);
  return encoded;
}

/** [size]: whether a row of a running bank is still the random one that it was begun with. */
async function neverMoved(bank: MemoryBank, seed: number): Promise<boolean[]> {
  const { size, dim } = bank;
  const begun = MemoryBank.random({ size, dim, seed });
  try {
    const [first, now] = await Promise.all([begun.rows.data(), bankRows('fit', bank).data()]);
    return Array.from({ length: size }, (_, row) => {
      for (let i = row * dim; i < (row + 1) * dim; i++) if (first[i] !== now[i]) return false;
      return true;
    });
  } finally {
    begun.dispose();
  }
}
