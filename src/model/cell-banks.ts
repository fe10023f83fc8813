import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { bankOf, CellBank, rowsAsked } from '../cells/cell-bank.js';
import { CellPool } from '../cells/cell-pool.js';
import type { ImageSource } from '../images/image-source.js';
import { RandomStream } from '../support/random.js';
import type { SaladWarning } from '../support/warning.js';
import { checkCell } from './cell-comparison.js';
import type { CellVisitor } from './inference.js';
import type { SaladSettings } from './options.js';

/** Rows of the bank that stands in for a coreset after each epoch: choosing one would take longer than the epoch. */
const ROWS_OF_EPOCH = 2048;

/** Whether a model's score is made of cells. */
export function readsCells({ score }: Pick<SaladSettings, 'score'>): boolean {
  return score !== 'embedding';
}

/** Collects the cells of those images of a source that a bank is to be made of. */
export function cellCollector(
  where: string,
  source: ImageSource,
  { cells: { levels, grid }, seed }: SaladSettings,
  leftOut: readonly boolean[] = [],
): CellVisitor & { pool(): CellPool | undefined } {
  let pool: CellPool | undefined;
  return {
    options: { levels, grid },
    pool: () => pool,
    async visit(tensor: Tensor3D, indices: Int32Array) {
      const [, cells, dim] = tensor.shape;
      pool ??= new CellPool({ films: source.length, cells, dim }, seed);
      const values = await tensor.data<'float32'>();
      indices.forEach((film, i) => {
        if (leftOut[film]) return;
        const own = values.subarray(i * cells * dim, (i + 1) * cells * dim);
        for (const value of own) checkCell(where, value, source.ids[film]);
        pool?.add(film, own);
      });
    },
  };
}

/** The bank that scores are made with: a coreset of the cells of a pool. */
export async function coresetOf(
  where: string,
  pool: CellPool,
  { cells: { coreset: size }, seed }: SaladSettings,
  { signal, onWarning }: { signal?: AbortSignal; onWarning?: (warning: SaladWarning) => void } = {},
): Promise<CellBank> {
  const bank = await CellBank.coreset(pool, { size, seed, signal });
  const { length } = pool.films;
  if (pool.share < 1 || bank.size < rowsAsked(size, length))
    onWarning?.({
      code: 'CELLS_DRAWN',
      message: `${where}: the training images have ${Math.round(length / pool.share)} cells, of which ${length} have room while the bank is made, drawn evenly of every image, and ${bank.size} are kept in it; fewer images, a coarser grid or a smaller coreset would keep all that is asked for.`,
    });
  return bank;
}

/** A bank of cells that are drawn, for the validation after an epoch. */
export function drawnBank(pool: CellPool, { seed }: Pick<SaladSettings, 'seed'>): CellBank {
  const { length } = pool.films;
  const order = new RandomStream(seed, ['cells of an epoch']).permutation(length);
  return bankOf(pool, order.subarray(0, ROWS_OF_EPOCH).sort());
}

/** The rows of a bank whose images are among those named, undefined where there are none. */
export function rowsOfFilms(bank: CellBank, films: ReadonlySet<number>): CellBank | undefined {
  const chosen = [...bank.films.keys()].filter((row) => films.has(bank.films[row]));
  if (chosen.length === 0) return undefined;
  const rows = tf.tidy(() => tf.gather(bank.rows, tf.tensor1d(chosen, 'int32')));
  try {
    return CellBank.from(rows, {
      films: chosen.map((row) => bank.films[row]),
      places: chosen.map((row) => bank.places[row]),
    });
  } finally {
    rows.dispose();
  }
}
