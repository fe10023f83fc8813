import { checkCoreset } from '../cells/cell-bank.js';
import { type CellReading, checkCellReading } from '../cells/cell-score.js';
import { type CellOptions, checkCellOptions, defaultCells } from '../cells/cells-of.js';
import { checkKnownOptions } from '../support/check.js';

/** How cells are read and judged; JSON, saved with the model. */
export interface CellSettings extends Required<CellOptions> {
  /**
   * What the bank keeps of the cells of normal training images, by greedy k-centre: a share, in (0, 1], or a whole number of
   * rows above 1; at most 16,384.
   *
   * @defaultValue 0.1
   */
  readonly coreset: number;
  /** How the distances of an image's cells become one number. @defaultValue 'mean' */
  readonly reading: CellReading;
}

/** Two inner levels on a grid of 8 x 8, which did best over several sets of radiographs. */
export const defaultCellSettings: CellSettings = Object.freeze({
  ...defaultCells,
  coreset: 0.1,
  reading: 'mean',
});

/** Defaults filled in and every value checked. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function resolveCells(where: string, given: Partial<CellSettings> = {}): CellSettings {
  const named = `${where}: cells`;
  checkKnownOptions(named, given, { levels: true, grid: true, coreset: true, reading: true });
  const { levels, grid, coreset, reading } = { ...defaultCellSettings, ...given };
  checkCellOptions(named, { levels, grid });
  checkCoreset(named, 'coreset', coreset);
  checkCellReading(named, reading);
  return Object.freeze({ levels, grid, coreset, reading });
}
