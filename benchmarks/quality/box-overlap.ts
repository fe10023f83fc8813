import type { AnomalyMap } from 'salad-ad/explain';
import { pointing } from 'salad-ad/explain';
import { areaUnderRoc } from 'salad-ad/metrics';
import { resize } from '../../src/images/resize.js';
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
  const highest = Uint32Array.from(mask.keys()).sort((a, b) => values[b] - values[a]);
  const both = highest.subarray(0, inside).reduce((sum, i) => sum + mask[i], 0);
  const ofBody = highest.filter((i) => body[i] !== 0);
  return {
    hit: pointing(map, place).hit ? 1 : 0,
    iou: both / (2 * inside - both),
    auc: areaUnderRoc(
      Float64Array.from(ofBody, (i) => values[i]),
      Uint8Array.from(ofBody, (i) => mask[i]),
    ),
  };
}
