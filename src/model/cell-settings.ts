import { type CellReading, checkCellReading } from '../cells/cell-score.js';
import { type CellOptions, checkCellOptions, DEFAULT_LEVELS } from '../cells/cells-of.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { checkCoresetSize } from '../support/coreset-size.js';

/** How cells are read and judged; JSON, saved with the model. */
export interface CellSettings extends Required<CellOptions> {
  /**
   * What the bank keeps of the cells of normal training images, by greedy k-centre: a share, in (0, 1], or a whole number of
   * rows above 1. Of a share at most 6,000 rows are kept, of a number 16,384.
   *
   * @defaultValue 0.1
   */
  readonly coreset: number;
  /**
   * With known anomalies in training: the share of the bank's rows that is left out, those nearest to cells of these, in [0, 1).
   * Without any it changes nothing.
   *
   * @defaultValue 0.4
   */
  readonly discard: number;
  /** How the distances of an image's cells become one number. @defaultValue 'mean' */
  readonly reading: CellReading;
}

/** The last two maps, and a tenth of the cells: a model that knows its backbone reads them on the grid of the deeper map. */
export const defaultCellSettings: CellSettings = Object.freeze({
  levels: DEFAULT_LEVELS,
  // Of a backbone that does not tell the sizes of its maps.
  grid: Object.freeze([8, 8] as const),
  coreset: 0.1,
  discard: 0.4,
  reading: 'mean',
});

/** Defaults filled in and every value checked. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function resolveCells(where: string, given: Partial<CellSettings> = {}): CellSettings {
  const named = `${where}: cells`;
  checkKnownOptions(named, given, {
    levels: true,
    grid: true,
    coreset: true,
    discard: true,
    reading: true,
  });
  const { levels, grid, coreset, discard, reading } = { ...defaultCellSettings, ...given };
  checkCellOptions(named, { levels, grid });
  checkCoresetSize(named, 'coreset', coreset);
  checkNumber(named, 'discard', discard, { min: 0, max: 0.99 });
  checkCellReading(named, reading);
  return Object.freeze({ levels, grid, coreset, discard, reading });
}
