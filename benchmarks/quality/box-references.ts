import { type ImageSource, RandomStream, toUnitRange } from 'salad-ad/data';
import { openCv, stages } from 'salad-ad/preprocessing';
import { smooth } from '../../src/explain/smooth.js';
import type { PointingMap } from './box-overlap.js';
import { centreMap, darkestMap } from './boxed-films.js';

/** The body on each film, other than 0 there: what lies outside is ground, collimator or nothing. */
export async function bodiesOf(films: ImageSource): Promise<Uint8Array[]> {
  const cv = await openCv();
  return Promise.all(
    films.ids.map(async (_, film) => {
      const { pixels, shape } = await films.read([film]);
      const mask = stages.bodyPartMask(cv, { pixels, shape });
      return mask.some((value) => value !== 0) ? mask : mask.fill(255);
    }),
  );
}

/** What points without a model: noise as smooth as a map, noise in the body, the middle, the middle of the body, the darkest spot. */
export async function referencesOf(
  films: ImageSource,
  film: number,
  body: Uint8Array,
  side: number,
  draws: number,
): Promise<Record<string, PointingMap[]>> {
  // Cut out of a larger field: at its border noise is smoothed less, and would be highest there.
  const sigma = side / 32;
  const margin = Math.ceil(3 * sigma);
  const wide = side + 2 * margin;
  const noise = Array.from({ length: draws }, (_, draw) => {
    const random = new RandomStream(draw, ['random map', film]);
    const field = Float32Array.from({ length: wide * wide }, () => random.gaussian());
    const smoothed = smooth(field, [wide, wide], sigma);
    const values = Float32Array.from(
      { length: side * side },
      (_, i) => smoothed[(Math.floor(i / side) + margin) * wide + (i % side) + margin],
    );
    return { values, height: side, width: side };
  });
  const within = (map: PointingMap) => ({
    ...map,
    values: map.values.map((value, i) => (body[i] ? value : -side)),
  });
  return {
    'random place': noise,
    'random place in the body': noise.map(within),
    centre: [centreMap(side)],
    'centre of the body': [middleOf(body, side)],
    'darkest spot': [await darkestMap(films, film)],
    'darkest spot in the body': [within(await darkestMap(films, film))],
  };
}

function middleOf(body: Uint8Array, side: number): PointingMap {
  let [x, y, count] = [0, 0, 0];
  body.forEach((value, i) => {
    if (!value) return;
    x += i % side;
    y += Math.floor(i / side);
    count++;
  });
  const values = Float32Array.from(
    body,
    (_, i) => side - Math.hypot((i % side) - x / count, Math.floor(i / side) - y / count),
  );
  return { values, height: side, width: side };
}

/** How far each pixel of a film is from that of the nearest normal film, both less their means: where the score of a bank of pixels comes from. */
export async function pixelBankMaps(
  films: ImageSource,
  normals: ImageSource,
  shrunk: (source: ImageSource, index: number) => Promise<Float32Array>,
  side: number,
): Promise<PointingMap[]> {
  const bank = await Promise.all(normals.ids.map((_, i) => shrunk(normals, i)));
  return Promise.all(
    films.ids.map(async (_, film) => {
      const own = await shrunk(films, film);
      const cosine = (row: Float32Array) =>
        dot(row, own) / Math.sqrt(dot(row, row) * dot(own, own));
      const nearest = bank.reduce((best, row) => (cosine(row) > cosine(best) ? row : best));
      const unit = (row: Float32Array) => row.map((value) => value / Math.sqrt(dot(row, row)));
      const [here, there] = [unit(own), unit(nearest)];
      const apart = here.map((value, i) => Math.abs(value - there[i]));
      return { values: smooth(apart, [side, side], side / 32), height: side, width: side };
    }),
  );
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** A film at `side`, less its mean. */
export function centred(
  resized: (pixels: Float32Array, height: number, width: number) => Float32Array,
) {
  return async (source: ImageSource, index: number): Promise<Float32Array> => {
    const batch = await source.read([index]);
    const small = resized(toUnitRange(batch), batch.shape[0], batch.shape[1]);
    const mean = small.reduce((sum, value) => sum + value, 0) / small.length;
    return small.map((value) => value - mean);
  };
}
