import type { ImageShape } from '../images/pixels.js';
import { check } from '../support/check.js';
import type { SaladSettings } from './options.js';

/** A place of an image: a cell of the grid, and the pixels that it covers. */
export interface CellPlace {
  /** Of the grid, from 0 at the top. */
  readonly row: number;
  /** Of the grid, from 0 at the left. */
  readonly column: number;
  /** Its upper edge, in pixels of the image as the network takes it. */
  readonly top: number;
  /** Its left edge, likewise. */
  readonly left: number;
  /** In pixels, likewise; its map saw more of the image than that. */
  readonly height: number;
  /** In pixels, likewise. */
  readonly width: number;
}

/** A cell of an image beside the cell of a training image that is nearest to it. */
export interface NearestCell extends CellPlace {
  /** Between the two, Euclidean; at least 0. */
  readonly distance: number;
  /** The nearest cell, and the training image that it is of. */
  readonly nearest: CellPlace & {
    /** The index of the image in the training source, which is its row in the bank. */
    readonly image: number;
    /** Its name; absent in a loaded model that was saved without names. */
    readonly id?: string;
  };
}

/** What a bank of cells says of the images of a source. */
export interface CellComparison {
  readonly source: { readonly length: number };
  /** Images that could be read. */
  readonly indices: readonly number[];
  readonly raw: {
    /** Of these, in order: the distance of each cell, and the row of the bank that it is nearest to. */
    readonly cells?: {
      readonly distances: readonly Float32Array[];
      readonly rows: readonly Int32Array[];
    };
  };
}

/** The `count` cells of each image that are farthest from every normal one, farthest first; of an image that could not be read none. */
export function farthestCells(
  { source, indices, raw }: CellComparison,
  count: number,
  { cells: { grid } }: Pick<SaladSettings, 'cells'>,
  origins: { readonly films: Int32Array; readonly places: Int32Array },
  [height, width]: ImageShape,
  ids: readonly string[] | undefined,
): NearestCell[][] {
  const found = Array.from({ length: source.length }, (): NearestCell[] => []);
  const placed = (cell: number) => placeOf(cell, grid, [height, width]);
  indices.forEach((index, i) => {
    const distances = raw.cells?.distances[i] as Float32Array;
    const rows = raw.cells?.rows[i] as Int32Array;
    const order = [...distances.keys()].sort((a, b) => distances[b] - distances[a] || a - b);
    found[index] = order.slice(0, count).map((cell) => {
      const image = origins.films[rows[cell]];
      return {
        ...placed(cell),
        distance: distances[cell],
        nearest: {
          ...placed(origins.places[rows[cell]]),
          image,
          ...(ids && { id: ids[image] }),
        },
      };
    });
  });
  return found;
}

function placeOf(
  cell: number,
  [rows, columns]: readonly [number, number],
  [height, width]: readonly [number, number],
): CellPlace {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  const size = { height: height / rows, width: width / columns };
  return { row, column, top: row * size.height, left: column * size.width, ...size };
}

/** @throws INVALID_OPTION where the score is made of the embedding alone, so that there is no bank of cells */
export function checkReadsCells(where: string, { score }: Pick<SaladSettings, 'score'>): void {
  check(
    score !== 'embedding',
    'INVALID_OPTION',
    () =>
      `${where}: the model's score is 'embedding', so that it has no cells; expected a model with score 'cells' or 'both'; create one and fit it.`,
  );
}
