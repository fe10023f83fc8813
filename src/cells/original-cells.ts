import { checkIndices, checkLength } from '../support/check.js';

/** Rows that a share of the cells comes to at most: on several sets of radiographs more tell nothing more. */
export const MOST_ROWS_OF_SHARE = 6000;

/** Cells outside of a backend, and where they come from. */
export interface OriginalCells {
  /** [size], the image of each, by its index in the training source. */
  readonly films: ArrayLike<number>;
  /** [size], the cell of the image's grid that each is, row by row. */
  readonly places: ArrayLike<number>;
  /** [size * dim], cell after cell, finite. */
  readonly rows: Float32Array;
  /** Numbers of a cell. */
  readonly dim: number;
}

type Origins = Pick<OriginalCells, 'films' | 'places'>;

/** One image and one place for each cell. @throws INVALID_OPTION | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE */
export function checkOrigins(where: string, { films, places }: Origins, size: number): Origins {
  checkLength(where, 'films', films, size, 'cells');
  checkLength(where, 'places', places, size, 'cells');
  checkIndices(where, 'films', films, 2 ** 31, 'image');
  checkIndices(where, 'places', places, 2 ** 31, 'cell');
  return { films, places };
}
