import { divided } from './divide.js';
import { type OwnFilm, readFilms } from './read-films.js';
import type { KeptFilms, RunLength, TrainingRun } from './run.js';
import { SAMPLE_SIDE } from './sample-source.js';

/** Fewer normal films teach nothing. */
const FEWEST = 20;

/** A run on files that somebody picked: most normal films to learn, the others and the abnormal ones to validate. */
export async function ownRun(files: readonly File[], length: RunLength): Promise<TrainingRun> {
  const { films, unread, recipe } = await readFilms(files);
  const normal = films.filter(({ label }) => label === 0);
  if (normal.length < FEWEST)
    throw new Error(
      `Of ${films.length} films ${normal.length} are normal; at least ${FEWEST} are needed to learn from. Put normal films into a folder 'normal' and others into 'abnormal', or pick a folder of normal films alone.`,
    );
  const { learnt, validation, how } = divided(films);
  return {
    title: `${learnt.length} normal films of your own`,
    train: keptFilms(learnt),
    validation: keptFilms(validation),
    recipe,
    length,
    films:
      unread > 0 ? `${how} Left out, since they are no films or cannot be read: ${unread}.` : how,
  };
}

function keptFilms(films: readonly OwnFilm[]): KeptFilms {
  const pixels = new Float32Array(films.length * SAMPLE_SIDE ** 2);
  for (const [i, film] of films.entries()) pixels.set(film.pixels, i * SAMPLE_SIDE ** 2);
  return { pixels, labels: films.map(({ label }) => label) };
}
