import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What each cell along an axis takes of each place of a map: weights that sum to 1.
 *
 * First the mean of a place and its two neighbours, fewer at the border. Then, from `places` to `cells`, the mean over the
 * area of a cell, or bilinear interpolation between the centres of places where there are fewer of them.
 *
 * @returns [cells, places]; the caller disposes it.
 */
export function cellWeights(places: number, cells: number): Tensor2D {
  return tf.tensor2d(cellWeightsOf(places, cells), [cells, places]);
}

/** The same on the host, [cells * places]. */
export function cellWeightsOf(places: number, cells: number): Float32Array {
  const weights = new Float64Array(cells * places);
  for (let cell = 0; cell < cells; cell++) {
    for (const { place, weight } of cells < places
      ? areaOf(cell, places / cells)
      : between(cell, places / cells, places)) {
      const first = Math.max(0, place - 1);
      const last = Math.min(places - 1, place + 1);
      for (let near = first; near <= last; near++)
        weights[cell * places + near] += weight / (last - first + 1);
    }
  }
  return Float32Array.from(weights);
}

interface Weighted {
  readonly place: number;
  readonly weight: number;
}

/** The places that a cell of `size` of them covers, each by its share of the cell. */
function areaOf(cell: number, size: number): Weighted[] {
  const [start, end] = [cell * size, (cell + 1) * size];
  const covered: Weighted[] = [];
  for (let place = Math.floor(start); place < end - 1e-9; place++) {
    const overlap = Math.min(end, place + 1) - Math.max(start, place);
    covered.push({ place, weight: overlap / size });
  }
  return covered;
}

/** The two places that the centre of a cell lies between. */
function between(cell: number, size: number, places: number): Weighted[] {
  const at = Math.min(places - 1, Math.max(0, (cell + 0.5) * size - 0.5));
  const lower = Math.floor(at);
  if (at === lower) return [{ place: lower, weight: 1 }];
  return [
    { place: lower, weight: 1 - (at - lower) },
    { place: lower + 1, weight: at - lower },
  ];
}
