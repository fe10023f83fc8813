import type { AnomalyMap } from 'salad-ad/explain';
import { pointing } from 'salad-ad/explain';
import { resize } from '../../src/images/resize.js';
import { countBelow } from '../../src/metrics/count-below.js';
import type { Place } from './boxed-films.js';

/** Any picture of where something is; higher = rather here. */
export type PointingMap = Pick<AnomalyMap, 'values' | 'height' | 'width'>;

/** What a map does on one film with boxes. */
export interface Overlap {
  /** 1 where its highest pixel lies inside a box, else 0. */
  readonly hit: number;
  /** Intersection over union of the boxes and of as many of its highest pixels as the boxes have. */
  readonly iou: number;
  /** How often a pixel inside is higher than one outside, among the pixels of the body. */
  readonly auc: number;
}

/** @param body mask of the size of the place, other than 0 on the body. */
export function overlapOf(map: PointingMap, place: Place, body: Uint8Array): Overlap {
  const { mask, height, width } = place;
  const values = resize(map.values, [1, map.height, map.width, 1], [height, width], {
    method: 'bilinear',
    fit: 'stretch',
  });
  const inside = mask.reduce((sum, value) => sum + value, 0);
  // Sorted without a function of our own, which takes a tenth of the time.
  const sorted = Float32Array.from(values).sort();
  const lowest = sorted[sorted.length - inside];
  const both = values.reduce((sum, value, i) => sum + (value >= lowest ? mask[i] : 0), 0);
  const within = values.filter((_, i) => body[i] !== 0 && mask[i] === 1);
  const without = values.filter((_, i) => body[i] !== 0 && mask[i] === 0).sort();
  const lower = (value: number) =>
    (countBelow(without, value) + countBelow(without, value, { orEqual: true })) / 2;
  return {
    hit: pointing(map, place).hit ? 1 : 0,
    iou: both / (2 * inside - both),
    auc: within.reduce((sum, value) => sum + lower(value), 0) / within.length / without.length,
  };
}
