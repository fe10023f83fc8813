import { type ImageSource, readInOrder } from 'salad-ad/data';
import { correlation } from './poses.js';
import { LAYOUT_SIDE, traitsOf } from './traits.js';

/** What the films that a model learnt from look like, as far as the gate compares; JSON, and kept beside the model. */
export interface FilmProfile {
  /** [32 x 32]: the mean layout of these films, with length 1. */
  readonly layout: readonly number[];
  /** A picture whose layout correlates less with it is of another kind. */
  readonly leastLikeness: number;
  /** Beyond this angle to the nearest film, in radians, a picture is unlike all of them; absent where nobody measured it. */
  readonly farthest?: number;
  /** What maps of normal films hold: the value in their middle, and the highest; absent likewise. */
  readonly maps?: { readonly usual: number; readonly highest: number };
}

/** No film has to be more alike than this: of the sample films every one is, the abnormal ones too. */
const ENOUGH = 0.3;
/** How far below the least alike film of training a new one may lie. */
const ROOM = 0.1;

/** The profile of the normal films of a source. */
export async function profileOf(films: ImageSource): Promise<FilmProfile> {
  const layouts: Float32Array[] = [];
  for await (const batch of readInOrder(films, { batchSize: 32 })) {
    const size = batch.shape[0] * batch.shape[1] * batch.shape[2];
    for (let first = 0; first < batch.pixels.length; first += size)
      layouts.push(traitsOf({ ...batch, pixels: batch.pixels.slice(first, first + size) }).layout);
  }
  const sum = new Float64Array(LAYOUT_SIDE ** 2);
  for (const layout of layouts) for (let i = 0; i < sum.length; i++) sum[i] += layout[i];
  const length = Math.hypot(...sum) || 1;
  const mean = Array.from(sum, (value) => Number((value / length).toFixed(5)));
  const least = Math.min(...layouts.map((layout) => correlation(layout, mean)));
  return { layout: mean, leastLikeness: Math.min(ENOUGH, least - ROOM) };
}

/** The angle beyond which a picture is unlike every film: as far again beyond the farthest normal as that is beyond the middle one. */
export function farthestAngle(nearestAngles: ArrayLike<number>): number {
  const angles = Float64Array.from(nearestAngles).sort();
  const farthest = angles[angles.length - 1];
  return farthest + (farthest - middleOf(angles));
}

/** What maps of normal films hold. */
export function mapScale(maps: readonly { readonly values: Float32Array }[]): FilmProfile['maps'] {
  const values = Float32Array.from(maps.flatMap((map) => Array.from(map.values))).sort();
  return { usual: middleOf(values), highest: values[values.length - 1] };
}

const middleOf = (rising: ArrayLike<number>) => rising[Math.floor(rising.length / 2)];
