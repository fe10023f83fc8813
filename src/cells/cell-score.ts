import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkNumber, said } from '../support/check.js';
import { meanOfEach, sumOfEach } from '../support/sums.js';
import { checkTensor } from '../support/tensors.js';

/** How the distances of an image's cells become one number: their mean, the largest, or the mean of the largest share of them, in (0, 1]. */
export type CellReading =
  | 'mean'
  | 'max'
  | {
      /** Of the cells, in (0, 1]; at least one cell. */
      readonly topShare: number;
    };

/**
 * The distances of an image's cells as one number.
 *
 *     mean        sum_c d_c / cells
 *     max         max_c d_c
 *     topShare s  the mean of the round(s * cells) largest d_c
 *
 * @param distances [batch, cells], of each cell to the nearest one of a `CellBank`.
 * @param reading what is made of them.
 * @returns [batch], in the unit of the distances; higher is more anomalous. NaN where a distance of the image is.
 * @throws INVALID_OPTION, SHAPE_MISMATCH
 * @see ours, beyond the paper. On radiographs the mean is the best of them; PatchCore (Roth et al., CVPR 2022) takes the largest.
 * @example
 * const { distances } = cellBank.nearest(cells);
 * const scores = await cellScore(distances, { topShare: 0.1 }).data();
 */
export function cellScore(distances: Tensor2D, reading: CellReading = 'mean'): Tensor1D {
  const where = 'cellScore';
  checkCellReading(where, reading);
  checkTensor(where, 'distances', distances, 'a tensor [batch, cells]');
  check(
    distances.rank === 2 && distances.size > 0,
    'SHAPE_MISMATCH',
    () =>
      `${where}: distances has shape [${distances.shape}]; expected [batch, cells] with one of each at least.`,
  );
  return tf.tidy(() => {
    if (reading === 'mean') return meanOfEach(distances);
    const cells = distances.shape[1];
    const count = reading === 'max' ? 1 : Math.max(1, Math.round(reading.topShare * cells));
    const largest = meanOfEach(tf.topk(distances, count).values);
    // A comparison passes over NaN, a sum does not.
    const sum = sumOfEach(distances);
    return tf.add(largest, tf.sub(sum, sum));
  });
}

/** @throws INVALID_OPTION */
export function checkCellReading(where: string, reading: CellReading): void {
  if (reading === 'mean' || reading === 'max') return;
  check(
    typeof reading === 'object' && reading !== null && Object.keys(reading).join() === 'topShare',
    'INVALID_OPTION',
    () =>
      `${where}: reading is ${said(reading)}; expected 'mean', 'max' or { topShare }, a share such as 0.1.`,
  );
  checkNumber(where, 'topShare', reading.topShare, { above: 0, max: 1 });
}
