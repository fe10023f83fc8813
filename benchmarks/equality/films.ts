import { arraySource, type ImageSource } from 'salad-ad';
import sharp from 'sharp';
import { loadPool } from '../../examples/chest-xray/data.js';

/** Films as they are stored: 8 bits, grey, one after the other. */
export interface Films {
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

export interface FilmSets {
  /** Normal. */
  readonly train: Films;
  /** Normal, for the threshold and the p-values. */
  readonly validation: Films;
  /** Half of them abnormal. */
  readonly test: Films;
}

/**
 * Films of the chest X-ray example, each enlarged to a size.
 *
 * @param size height and width; those of the data set (64 px) without it
 */
export async function filmSets(
  counts: Readonly<Record<keyof FilmSets, number>>,
  size?: readonly [height: number, width: number],
): Promise<FilmSets> {
  const pool = await loadPool();
  const take = async (part: keyof FilmSets, wanted: Readonly<Record<number, number>>) => {
    const { labels, read } = pool[part];
    const rows = Object.entries(wanted).flatMap(([label, count]) =>
      Array.from(labels, Number)
        .flatMap((own, row) => (own === Number(label) ? [row] : []))
        .slice(0, count),
    );
    const { pixels, shape } = await read(rows);
    const [height, width] = shape;
    const films = { pixels: pixels as Uint8Array, count: rows.length, height, width };
    return size ? enlarged(films, size) : films;
  };
  return {
    train: await take('train', { 0: counts.train }),
    validation: await take('validation', { 0: counts.validation }),
    test: await take('test', { 0: counts.test / 2, 1: counts.test / 2 }),
  };
}

/** The films as a source of the library. */
export function sourceOf({ pixels, height, width }: Films): ImageSource {
  return arraySource({ pixels, shape: [height, width, 1] });
}

/** One film. */
export function filmOf({ pixels, height, width }: Films, index: number): Uint8Array {
  return pixels.subarray(index * height * width, (index + 1) * height * width);
}

async function enlarged(films: Films, [height, width]: readonly [number, number]): Promise<Films> {
  const pixels = new Uint8Array(films.count * height * width);
  for (let i = 0; i < films.count; i++) {
    const raw = { width: films.width, height: films.height, channels: 1 as const };
    const larger = sharp(filmOf(films, i), { raw }).resize(width, height, { fit: 'fill' });
    pixels.set(await larger.toColourspace('b-w').raw().toBuffer(), i * height * width);
  }
  return { pixels, count: films.count, height, width };
}
