import type { Tensor3D } from '@tensorflow/tfjs-core';
import { coresetAwayFrom, rowsOf } from '../cells/away-from-known.js';
import { bankOf, type CellBank } from '../cells/cell-bank.js';
import { CellPool } from '../cells/cell-pool.js';
import { MOST_ROWS_OF_SHARE } from '../cells/original-cells.js';
import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import { coresetSize } from '../support/coreset-size.js';
import { RandomStream } from '../support/random.js';
import type { SaladWarning } from '../support/warning.js';
import { checkCell } from './cell-comparison.js';
import type { CellVisitor } from './inference.js';
import type { SaladSettings } from './options.js';

/** Rows at most of the bank that stands in for a coreset after each epoch: choosing one could take longer than the epoch. */
const MOST_ROWS_OF_EPOCH = 2048;

/** Whether a model's score is made of cells. */
export function readsCells({ score }: Pick<SaladSettings, 'score'>): boolean {
  return score !== 'embedding';
}

/** Numbers that cells of known anomalies are held in: 16 MiB. */
const MOST_KNOWN = 2 ** 22;

/** Collects the cells of those images of a source that a bank is to be made of, and of those that it is to keep away from. */
export function cellCollector(
  where: string,
  source: ImageSource,
  { cells: { levels, grid }, seed }: SaladSettings,
  anomalies: readonly boolean[] = [],
): CellVisitor & { pool(): CellPool | undefined } {
  let pool: CellPool | undefined;
  return {
    options: { levels, grid },
    pool: () => pool,
    async visit(tensor: Tensor3D, indices: Int32Array) {
      const [, cells, dim] = tensor.shape;
      const shape = { films: source.length, cells, dim };
      pool ??= new CellPool(shape, seed);
      if (anomalies.includes(true)) pool.known ??= new CellPool(shape, seed, MOST_KNOWN);
      const of = pool;
      const values = await tensor.data<'float32'>();
      indices.forEach((film, i) => {
        const own = values.subarray(i * cells * dim, (i + 1) * cells * dim);
        for (const value of own) checkCell(where, value, source.ids[film]);
        (anomalies[film] ? of.known : of)?.add(film, own);
      });
    },
  };
}

/** The bank that scores are made with: a coreset of the cells of a pool. */
export async function coresetOf(
  where: string,
  pool: CellPool,
  { cells: { coreset: size, discard }, seed }: SaladSettings,
  { signal, onWarning }: { signal?: AbortSignal; onWarning?: (warning: SaladWarning) => void } = {},
): Promise<CellBank> {
  checkSomeCells(where, pool);
  const bank = await coresetAwayFrom(pool, pool.known, { size, discard, seed, signal });
  const { length } = pool.films;
  const asked = Math.round(
    coresetSize(size, length, MOST_ROWS_OF_SHARE) * (pool.known ? 1 - discard : 1),
  );
  if (pool.share < 1 || bank.size < asked)
    onWarning?.({
      code: 'CELLS_DRAWN',
      message: `${where}: the training images have ${Math.round(length / pool.share)} cells, of which ${length} have room while the bank is made, drawn evenly of every image, and ${bank.size} are kept in it; fewer images, a coarser grid or a smaller coreset would keep all that is asked for.`,
    });
  return bank;
}

/** A bank of cells that are drawn, for the validation after an epoch. */
export function drawnBank(where: string, pool: CellPool, { cells, seed }: SaladSettings): CellBank {
  checkSomeCells(where, pool);
  const { length } = pool.films;
  const order = new RandomStream(seed, ['cells of an epoch']).permutation(length);
  const count = Math.min(
    MOST_ROWS_OF_EPOCH,
    coresetSize(cells.coreset, length, MOST_ROWS_OF_SHARE),
  );
  return bankOf(pool, order.subarray(0, count).sort());
}

/** The rows of a bank whose images are among those named, undefined where there are none. */
export function rowsOfFilms(bank: CellBank, films: ReadonlySet<number>): CellBank | undefined {
  const chosen = [...bank.films.keys()].filter((row) => films.has(bank.films[row]));
  return chosen.length === 0 ? undefined : rowsOf(bank, chosen);
}

/** @throws NO_ROWS_KEPT where there is nothing to make a bank of */
function checkSomeCells(where: string, pool: CellPool): void {
  check(
    pool.films.length > 0,
    'NO_ROWS_KEPT',
    () =>
      `${where}: no normal image of the training source could be read, so that there are no cells to compare with; expected some; see problems of the source.`,
  );
}
