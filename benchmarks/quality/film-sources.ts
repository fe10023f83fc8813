import { arraySource, type ImageSource, resize } from 'salad-ad/data';
import { type Film, filmChanges } from './film-changes.js';

/** The films of a source, in memory. */
export async function filmsIn(source: ImageSource): Promise<Film[]> {
  const { pixels, shape } = await source.read(Array.from({ length: source.length }, (_, i) => i));
  const [height, width] = shape;
  return Array.from({ length: source.length }, (_, i) => {
    const values = Float32Array.from(pixels.subarray(i * height * width, (i + 1) * height * width));
    return { values, height, width };
  });
}

/** Films as a source, each changed in one way. @param size to which they are brought, once; absent: as they are */
export async function changedFilms(
  films: readonly Film[],
  change: string,
  size?: number,
): Promise<ImageSource> {
  const changed = await Promise.all(films.map((film, i) => filmChanges[change](film, i)));
  const [{ height, width }] = changed;
  const pixels = new Float32Array(films.length * height * width);
  for (const [i, { values }] of changed.entries()) pixels.set(values, i * height * width);
  if (size === undefined) return arraySource({ pixels, shape: [height, width, 1] });
  const policy = { method: 'area', fit: 'stretch' } as const;
  const small = resize(pixels, [films.length, height, width, 1], [size, size], policy);
  return arraySource({ pixels: small, shape: [size, size, 1] });
}
