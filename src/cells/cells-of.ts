import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkKnownOptions, checkList, checkNumber, said } from '../support/check.js';
import { checkTensor, l2Normalize } from '../support/tensors.js';
import { cellWeights } from './cell-weights.js';

/** Which cells are read from the maps of an encoder. */
export interface CellOptions {
  /** How many of the last maps, all where there are fewer; or the numbers of some, 1 being the shallowest. @defaultValue 2 */
  readonly levels?: number | readonly number[];
  /** [rows, columns] of cells in an image. @defaultValue those of the deepest map that is read */
  readonly grid?: readonly [number, number];
}

/** Maps that `cellsOf` reads where nothing else is asked for. */
export const DEFAULT_LEVELS = 2;

/**
 * The cells of images: at each place of a grid, what every level of an encoder says of it.
 *
 * A map is averaged over 3 x 3 places, and brought to the grid: by the mean over the area of a cell where it is finer,
 * bilinearly where it is coarser. Each level's part of a cell is scaled to length 1, and the parts are joined, so that two
 * cells of L levels are at most 2 sqrt(L) apart.
 *
 * @param maps [batch, height, width, channels] each, from shallow to deep: `encode(images, false).maps`.
 * @param where the call that errors name; default 'cellsOf'
 * @returns [batch, rows * columns, dim], row by row; dim is the sum of the channels. The caller disposes it. A NaN in a map makes
 * every cell of its image NaN.
 * @throws INVALID_OPTION, also where there is no such level; UNKNOWN_OPTION, SHAPE_MISMATCH, EMPTY_SET
 * @see ours, beyond the paper. Roth et al., "Towards Total Recall in Industrial Anomaly Detection" (CVPR 2022), joins levels
 * averaged over 3 x 3 places as well, but does not scale them.
 * @example
 * const cells = tf.tidy(() => cellsOf(backbone.encode(images, false).maps ?? [], { grid: [8, 8] }));
 */
export function cellsOf(
  maps: readonly Tensor4D[],
  options: CellOptions = {},
  where = 'cellsOf',
): Tensor3D {
  checkKnownOptions(where, options, { levels: true, grid: true });
  checkCellOptions(where, options);
  const { levels = DEFAULT_LEVELS } = options;
  const chosen = levelsOf(where, maps, levels);
  const [batch, height, width] = chosen[chosen.length - 1].shape;
  const [rows, columns] = options.grid ?? [height, width];
  return tf.tidy(() => {
    const parts = chosen.map((map) => {
      const [, height, width, channels] = map.shape;
      const tall = tf.reshape(map, [batch, height, width * channels]);
      const down = tf.matMul(tf.expandDims(cellWeights(height, rows), 0), tall);
      const wide = tf.reshape(down, [batch * rows, width, channels]);
      const cells = tf.matMul(tf.expandDims(cellWeights(width, columns), 0), wide);
      return l2Normalize(tf.reshape(cells, [batch * rows * columns, channels]));
    });
    return tf.reshape(tf.concat(parts, 1), [batch, rows * columns, -1]) as Tensor3D;
  });
}

/** @throws INVALID_OPTION for what no map could have */
export function checkCellOptions(where: string, { levels, grid }: CellOptions): void {
  const count = { min: 1, integer: true };
  if (typeof levels === 'number') checkNumber(where, 'levels', levels, count);
  else if (levels !== undefined) {
    checkList(where, 'levels', levels);
    check(
      levels.length > 0 && levels.every((level, i) => i === 0 || level > levels[i - 1]),
      'INVALID_OPTION',
      () =>
        `${where}: levels is ${JSON.stringify(levels)}; expected numbers of maps in order, such as [2, 3], or how many of the last ones.`,
    );
    for (const level of levels) checkNumber(where, 'levels', level, count);
  }
  if (grid === undefined) return;
  check(
    Array.isArray(grid) && grid.length === 2,
    'INVALID_OPTION',
    () => `${where}: grid is ${said(grid)}; expected [rows, columns], such as [8, 8].`,
  );
  for (const size of grid) checkNumber(where, 'grid', size, { min: 1, max: 1024, integer: true });
}

/** The maps that are asked for, of one batch. */
function levelsOf(
  where: string,
  maps: readonly Tensor4D[],
  levels: number | readonly number[],
): readonly Tensor4D[] {
  check(
    Array.isArray(maps),
    'INVALID_OPTION',
    () => `${where}: maps is ${said(maps)}; expected the maps that encode returns.`,
  );
  maps.forEach((map, i) => {
    checkTensor(where, `maps[${i}]`, map, 'a tensor [batch, height, width, channels]');
    check(
      map.rank === 4 && map.shape[0] === maps[0].shape[0],
      'SHAPE_MISMATCH',
      () =>
        `${where}: maps[${i}] has shape [${map.shape}]; expected [batch, height, width, channels], of one batch for all maps.`,
    );
    check(map.size > 0, 'EMPTY_SET', () => `${where}: maps[${i}] is empty; expected some images.`);
  });
  const numbers = typeof levels === 'number' ? maps.map((_, i) => i + 1).slice(-levels) : levels;
  check(
    numbers.length > 0 && numbers[numbers.length - 1] <= maps.length,
    'INVALID_OPTION',
    () =>
      `${where}: levels is ${JSON.stringify(levels)} but the encoder shows ${maps.length} maps; expected levels that it has.`,
    { levels, maps: maps.length },
  );
  return numbers.map((level) => maps[level - 1]);
}
