import type { ImageSource } from 'salad-ad/data';
import { encodePng, overlay } from 'salad-ad/explain';
import type { PointingMap } from './box-overlap.js';
import type { Place } from './boxed-films.js';

/** Pixels of a film left out between two in the picture. */
const STEP = 2;
const GAP = 4;
const EDGE = [0, 229, 255] as const;

/** The first films in columns, each kind of map in a row, boxes outlined. @returns PNG */
export async function drawBoxes(
  films: ImageSource,
  places: readonly Place[],
  maps: ReadonlyMap<string, readonly PointingMap[]>,
  shown: number,
): Promise<Uint8Array> {
  const nothing = { values: new Float32Array(1), height: 1, width: 1 };
  const lines = [places.map(() => nothing), ...maps.values()];
  const tile = places[0].width / STEP;
  const width = shown * (tile + GAP) - GAP;
  const height = lines.length * (tile + GAP) - GAP;
  const pixels = new Uint8Array(width * height * 3).fill(255);
  for (let film = 0; film < shown; film++) {
    const batch = await films.read([film]);
    for (const [line, ofFilms] of lines.entries()) {
      const picture = overlay(batch, ofFilms[film]);
      for (let y = 0; y < tile; y++)
        for (let x = 0; x < tile; x++) {
          const to = ((line * (tile + GAP) + y) * width + film * (tile + GAP) + x) * 3;
          const from = (y * STEP * picture.width + x * STEP) * 3;
          const edge = isEdge(places[film], x * STEP, y * STEP);
          for (let c = 0; c < 3; c++) pixels[to + c] = edge ? EDGE[c] : picture.pixels[from + c];
        }
    }
  }
  return encodePng({ pixels, height, width, channels: 3 });
}

/** Whether a pixel lies in a box, and one of its neighbours in the picture does not. */
function isEdge({ mask, height, width }: Place, x: number, y: number): boolean {
  const inside = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < width && row < height && mask[row * width + column] === 1;
  return (
    inside(x, y) &&
    !(inside(x - STEP, y) && inside(x + STEP, y) && inside(x, y - STEP) && inside(x, y + STEP))
  );
}
