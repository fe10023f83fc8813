import { splitByPatient } from 'salad-ad/data';
import { knownPatients } from './patients.js';
import type { OwnFilm } from './read-films.js';

/** Share of the normal films that is for validation. */
const VALIDATION = 0.2;
const SEED = 7;
/** Of fewer patients there is no such share. */
const FEWEST_PATIENTS = 5;

/** Films to learn and films to validate. */
export interface DividedFilms {
  readonly learnt: readonly OwnFilm[];
  readonly validation: readonly OwnFilm[];
  /** By what they were divided, for people. */
  readonly how: string;
}

/**
 * Divides normal films, so that no patient is on both sides where patients are known; abnormal ones validate, but for those of a
 * patient whose normal films are learnt.
 */
export function divided(films: readonly OwnFilm[]): DividedFilms {
  const known = knownPatients(films);
  const unitOf = new Map(films.map((film, i) => [film.path, known?.patients[i] ?? film.path]));
  const [normal, abnormal] = [0, 1].map((one) => films.filter(({ label }) => label === one));
  const patients = new Set(normal.map(({ path }) => unitOf.get(path))).size;
  if (patients < FEWEST_PATIENTS)
    throw new Error(
      `The ${normal.length} normal films are of ${patients} patients, by ${known?.by}; at least ${FEWEST_PATIENTS} are needed, since some are learnt and others validate.`,
    );
  const records = normal.map(({ path }) => ({ path, patient: unitOf.get(path) }));
  const { parts } = splitByPatient(records, {
    parts: { train: 1 - VALIDATION, validation: VALIDATION },
    seed: SEED,
  });
  const taught = new Set(parts.train.map(({ path }) => path));
  const learnt = normal.filter(({ path }) => taught.has(path));
  const taughtUnits = new Set(learnt.map(({ path }) => unitOf.get(path)));
  const apart = abnormal.filter(({ path }) => !taughtUnits.has(unitOf.get(path)));
  const held = normal.filter(({ path }) => !taught.has(path));
  return {
    learnt,
    validation: [...held, ...apart],
    how: known
      ? toldOf(known.by, new Set(known.patients).size, abnormal.length - apart.length)
      : 'Learnt and validating films were divided film by film: nothing says which are of one patient, so films of one may be on both sides, and the results too good.',
  };
}

function toldOf(by: string, patients: number, leftOut: number): string {
  const how = `Learnt and validating films share none of ${patients} patients, by ${by}.`;
  return leftOut > 0
    ? `${how} Abnormal films left out, since normal ones of their patients are learnt: ${leftOut}.`
    : how;
}
