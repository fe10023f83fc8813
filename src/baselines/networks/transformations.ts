import type { ImageShape } from '../../images/pixels.js';
import { check } from '../../support/check.js';

/** For each pixel value of the result, the place in the image that it is taken from. */
export type Transformation = Int32Array;

/** Which transformations are told apart. */
export interface TransformationChoice {
  /** As it is, and mirrored left to right. @defaultValue true */
  readonly flips: boolean;
  /** By 0, 90, 180 and 270 degrees. @defaultValue true */
  readonly rotations: boolean;
  /** By nothing, and by this share of height and width in each direction, the border mirrored; 0 leaves translations out. @defaultValue 0.25 */
  readonly translation: number;
}

/**
 * All compositions flip, then translation, then rotation: 2 x 9 x 4 = 72 where all are chosen. The first is
 * the image as it is.
 *
 * @throws INVALID_OPTION for an image that is not square but is to be turned
 */
export function transformations(
  where: string,
  inputShape: ImageShape,
  { flips, rotations, translation }: TransformationChoice,
): Transformation[] {
  const [height, width, channels] = inputShape;
  check(
    !rotations || height === width,
    'INVALID_OPTION',
    () =>
      `${where}: images are ${height} x ${width} (height x width) and rotations are chosen; expected square images, or rotations: false.`,
  );
  const down = Math.round(translation * height);
  const across = Math.round(translation * width);
  const shifts =
    translation === 0 ? [[0, 0]] : grid([0, -1, 1]).map(([y, x]) => [y * down, x * across]);
  const last = width - 1;
  const list: Transformation[] = [];
  for (const flip of flips ? [false, true] : [false]) {
    for (const [dy, dx] of shifts) {
      for (const turns of rotations ? [0, 1, 2, 3] : [0]) {
        const places = new Int32Array(height * width * channels);
        for (let at = 0; at < places.length; at++) {
          const channel = at % channels;
          const pixel = Math.floor(at / channels);
          let [y, x] = [Math.floor(pixel / width), pixel % width];
          // Backwards, from the result to the image: the turns, the shift, the mirror.
          for (let turn = 0; turn < turns; turn++) [y, x] = [x, last - y];
          y = mirrored(y + dy, height);
          x = mirrored(x + dx, width);
          if (flip) x = last - x;
          places[at] = (y * width + x) * channels + channel;
        }
        list.push(places);
      }
    }
  }
  return list;
}

/** An image, or what is at `start` of several, transformed into `target` at the same place. */
export function transform(
  values: Float32Array,
  transformation: Transformation,
  target: Float32Array,
  start: number,
): void {
  for (let i = 0; i < transformation.length; i++) {
    target[start + i] = values[start + transformation[i]];
  }
}

function grid(values: readonly number[]): [number, number][] {
  return values.flatMap((a) => values.map((b): [number, number] => [a, b]));
}

/** A place beyond the border at its mirror image: -1 is 1, the border itself not repeated. */
function mirrored(place: number, size: number): number {
  if (place < 0) return Math.min(size - 1, -place);
  if (place >= size) return Math.max(0, 2 * (size - 1) - place);
  return place;
}
