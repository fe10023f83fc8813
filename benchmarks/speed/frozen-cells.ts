import * as tf from '@tensorflow/tfjs-core';
import { type Backbone, cellsOf } from 'salad-ad';

/** Side of the films, their cells, and the numbers of a cell. */
export const SIDE = 224;
export const GRID = [14, 14] as const;
export const CELL_DIM = 152;

/** The cells of films that a frozen encoder gives, [films * 196, 152]. The caller disposes them. */
export function frozenCells(backbone: Backbone, films: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const cells = cellsOf(backbone.encode(films, false).maps ?? [], { grid: GRID });
    return tf.reshape(cells, [-1, CELL_DIM]);
  });
}
