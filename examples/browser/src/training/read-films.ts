import type { ImageRecipe } from 'salad-ad';
import { browserImages, fileSource, readInOrder, toUnitRange } from 'salad-ad/data';
import { dicomDecoder } from '../workers/decode-film.js';
import { recipe as pageRecipe, SAMPLE_SIDE } from './sample-source.js';

/** A film of a run, read from a file that somebody picked. */
export interface OwnFilm {
  readonly path: string;
  readonly label: 0 | 1;
  /** [64 x 64], in unit range. */
  readonly pixels: Float32Array;
  /** What a DICOM file says of its patient, as a key of a salt that nobody knows; absent where the file says nothing. */
  readonly patient?: string;
}

/** Films of files, those that can be read, in the order of their paths. */
export interface ReadFilms {
  readonly films: readonly OwnFilm[];
  /** How many files are none, or cannot be read. */
  readonly unread: number;
  readonly recipe: ImageRecipe;
}

export async function readFilms(files: readonly File[]): Promise<ReadFilms> {
  const patients = new Map<string, string | undefined>();
  const source = fileSource(files, {
    decoders: [await dicomDecoder(undefined), browserImages()],
    channels: 1,
    size: pageRecipe.size,
    resize: pageRecipe.resize,
    onUnreadable: 'skip',
    // Each is read once.
    cacheBytes: 0,
    transform: (image, { path }) => {
      patients.set(path, image.metadata?.patient);
      return image;
    },
  });
  const films: OwnFilm[] = [];
  for await (const batch of readInOrder(source)) {
    const values = toUnitRange(batch);
    const places = batch.positions ?? batch.indices.map((_, place) => place);
    for (const [i, place] of places.entries()) {
      const { path, label = 0 } = source.records[batch.indices[place]];
      const pixels = values.slice(i * SAMPLE_SIDE ** 2, (i + 1) * SAMPLE_SIDE ** 2);
      films.push({ path, label, pixels, patient: patients.get(path) });
    }
  }
  // The step above looks at films and changes none.
  const { transform: _, ...recipe } = source.recipe as ImageRecipe;
  return { films, unread: files.length - films.length, recipe };
}
