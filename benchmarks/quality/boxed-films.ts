import { type ImageSource, toUnitRange } from 'salad-ad/data';
import { smooth } from '../../src/explain/smooth.js';

/** What a map should point at: 1 inside a box of the film, else 0. */
export interface Place {
  readonly mask: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/**
 * The boxes of NIH's list by the name of the film, all of a film in one mask.
 *
 * @param text CSV with image, x, y, width and height in pixels of films of `side`
 */
export function placesByFilm(text: string, side: number): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const [head, ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',');
  for (const line of lines) {
    const cells = line.split(',');
    const of = (name: string) => cells[names.indexOf(name)];
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(of(name)));
    const { mask } = places.get(of('image')) ?? { mask: new Uint8Array(side * side) };
    // A pixel is inside where its centre is.
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const [right, down] = [column + 0.5 - x, row + 0.5 - y];
        if (right >= 0 && right < width && down >= 0 && down < height)
          mask[row * side + column] = 1;
      }
    places.set(of('image'), { mask, height: side, width: side });
  }
  return places;
}

/** Points at the middle of the film. */
export function centreMap(side: number) {
  const middle = (side - 1) / 2;
  const values = Float32Array.from(
    { length: side * side },
    (_, i) => side - Math.hypot((i % side) - middle, Math.floor(i / side) - middle),
  );
  return { values, height: side, width: side };
}

/** Points at the darkest spot of a film, blurred as maps are. */
export async function darkestMap(films: ImageSource, film: number) {
  const batch = await films.read([film]);
  const [height, width] = batch.shape;
  const bright = toUnitRange(batch);
  const dark = Float32Array.from({ length: height * width }, (_, i) => 1 - bright[i]);
  return { values: smooth(dark, [height, width], Math.min(height, width) / 32), height, width };
}
