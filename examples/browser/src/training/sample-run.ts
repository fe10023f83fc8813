import { fetchSampleFilms, fetchSampleValidation } from '../storage/sample-model.js';
import type { RunLength, TrainingRun } from './run.js';

const PIXELS = 64 * 64;
const SOME = 200;
/** Validation films that are enough for a quick look, half of them abnormal. */
const SOME_VALIDATION = 60;

/** A run on the films that the page brings along, or on some of them. */
export async function sampleRun(
  films: 'some' | 'sample' | 'own',
  length: RunLength,
): Promise<TrainingRun> {
  const [pixels, validation] = await Promise.all([fetchSampleFilms(), fetchSampleValidation()]);
  const isSome = films === 'some';
  const count = isSome ? SOME : pixels.length / PIXELS;
  return {
    title: `${count} sample films`,
    train: { pixels: pixels.slice(0, count * PIXELS), labels: new Array(count).fill(0) },
    validation: isSome ? someOf(validation, SOME_VALIDATION / 2) : validation,
    recipe: {
      channels: 1,
      size: [64, 64],
      resize: { method: 'area', fit: 'stretch' },
    },
    length,
  };
}

/** The first so many of each class. */
function someOf(films: { pixels: Uint8Array; labels: readonly number[] }, each: number) {
  const indices = [0, 1].flatMap((label) =>
    films.labels.flatMap((one, i) => (one === label ? [i] : [])).slice(0, each),
  );
  const pixels = new Uint8Array(indices.length * PIXELS);
  for (const [to, from] of indices.entries())
    pixels.set(films.pixels.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS);
  return { pixels, labels: indices.map((i) => films.labels[i]) };
}
