import { check } from '../support/check.js';
import type { AnomalyMap } from './anomaly-map.js';

/** What a map is held against. */
export interface KnownPlace {
  /** [height, width] at any size, 1 inside. */
  readonly mask: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** How one map and one known place agree. */
export interface Pointing {
  /** Whether the map's highest pixel lies inside. */
  readonly hit: boolean;
  /** Share of the map's sum that lies inside. */
  readonly inside: number;
  /** Share of the image's area that lies inside: what both are for a random map, on average. */
  readonly area: number;
}

/**
 * Whether a map's highest pixel lies inside a known place: the pointing game.
 *
 * @throws SHAPE_MISMATCH where the mask is not height x width; EMPTY_SET where it has no inside
 * @see Zhang et al. 2018, "Top-down Neural Attention by Excitation Backprop", IJCV 126.
 * @example
 * const hits = maps.filter((map, i) => pointing(map, places[i]).hit).length;
 */
export function pointing(
  map: Pick<AnomalyMap, 'values' | 'height' | 'width'>,
  { mask, height, width }: KnownPlace,
): Pointing {
  check(
    mask.length === height * width,
    'SHAPE_MISMATCH',
    () => `pointing: the mask has ${mask.length} pixels; expected ${height} x ${width}.`,
  );
  const area = mask.reduce((sum, value) => sum + value, 0) / mask.length;
  check(area > 0, 'EMPTY_SET', () => 'pointing: the mask is 0 everywhere; expected some inside.');
  let [highest, total, within] = [0, 0, 0];
  const isInside = (i: number) => {
    const y = Math.floor(((Math.floor(i / map.width) + 0.5) * height) / map.height);
    const x = Math.floor((((i % map.width) + 0.5) * width) / map.width);
    return mask[y * width + x] === 1;
  };
  map.values.forEach((value, i) => {
    if (value > map.values[highest]) highest = i;
    total += value;
    if (isInside(i)) within += value;
  });
  return { hit: isInside(highest), inside: total > 0 ? within / total : 0, area };
}
