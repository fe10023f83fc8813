import { check } from '../support/check.js';
import { checkHasLists } from '../support/check-kinds.js';
import { type AnomalyMap, checkMap } from './anomaly-map.js';

/**
 * Whether a map's highest pixel lies inside a known place: the pointing game.
 *
 * @param map as `anomalyMaps` gives it
 * @param place mask: [height, width], flattened, of any size, 1 inside, else 0
 * @returns hit: whether the map's highest pixel lies inside. inside: the share of the map's sum that does. area: the
 * share of the image that does, which is what both are for a random map, on average
 * @throws INVALID_OPTION; SHAPE_MISMATCH where the mask is not height x width; EMPTY_SET where it has no inside
 * @see Zhang et al. 2018, "Top-down Neural Attention by Excitation Backprop", IJCV 126.
 * @example
 * const hits = maps.filter((map, i) => pointing(map, places[i]).hit).length;
 */
export function pointing(
  map: Pick<AnomalyMap, 'values' | 'height' | 'width'>,
  place: { readonly mask: Uint8Array; readonly height: number; readonly width: number },
): { readonly hit: boolean; readonly inside: number; readonly area: number } {
  checkMap('pointing', map);
  checkHasLists('pointing', 'place', place, ['mask']);
  const { mask, height, width } = place;
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
