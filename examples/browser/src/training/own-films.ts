import type { ImageRecipe } from 'salad-ad';
import { browserImages, fileSource, type ImageSource, readInOrder, subset } from 'salad-ad/data';
import { dicomDecoder } from '../workers/decode-film.js';
import type { KeptFilms, RunLength, TrainingRun } from './run.js';
import { recipe as pageRecipe, SAMPLE_SIDE } from './sample-source.js';

/** Every so many normal films are for validation. */
const VALIDATION = 5;
/** Fewer normal films teach nothing. */
const FEWEST = 20;

/** A run on files that somebody picked: normal films to learn, every fifth of them and all abnormal ones to validate. */
export async function ownRun(files: readonly File[], length: RunLength): Promise<TrainingRun> {
  const source = fileSource(files, {
    decoders: [await dicomDecoder(undefined), browserImages()],
    channels: 1,
    size: pageRecipe.size,
    resize: pageRecipe.resize,
    onUnreadable: 'skip',
  });
  const indices = Array.from({ length: source.length }, (_, i) => i);
  const labelOf = (i: number) => source.labels?.[i] ?? 0;
  const normal = indices.filter((i) => labelOf(i) === 0);
  if (normal.length < FEWEST)
    throw new Error(
      `Of ${source.length} films ${normal.length} are normal; at least ${FEWEST} are needed to learn from. Put normal films into a folder 'normal' and others into 'abnormal', or pick a folder of normal films alone.`,
    );
  const held = normal.filter((_, place) => place % VALIDATION === VALIDATION - 1);
  const abnormal = indices.filter((i) => labelOf(i) !== 0);
  const learnt = normal.filter((_, place) => place % VALIDATION !== VALIDATION - 1);
  return {
    title: `${learnt.length} normal films of your own`,
    train: await keptFilms(subset(source, learnt)),
    validation: await keptFilms(subset(source, [...held, ...abnormal])),
    recipe: source.recipe as ImageRecipe,
    length,
  };
}

/** The films that can be read, in unit range. */
async function keptFilms(source: ImageSource): Promise<KeptFilms> {
  const size = SAMPLE_SIDE ** 2;
  const pixels = new Float32Array(source.length * size);
  const labels: number[] = [];
  const { toUnitRange } = await import('salad-ad/data');
  for await (const batch of readInOrder(source)) {
    pixels.set(toUnitRange(batch), labels.length * size);
    labels.push(...Array.from(batch.labels ?? new Uint8Array(batch.pixels.length / size)));
  }
  return { pixels: pixels.subarray(0, labels.length * size), labels };
}
