import type { OwnFilm } from './read-films.js';

/** What says which films are of one patient. */
export interface KnownPatients {
  /** One for each film. */
  readonly patients: readonly string[];
  /** What was gone by, for people. */
  readonly by: string;
}

/** How public sets and many archives name patients in paths; the first group is the patient. */
const FORMS: readonly { readonly form: RegExp; readonly by: string }[] = [
  {
    form: /(?:^|\/)((?:patient|person|subject|case|pat|pt|subj|sub)[\s_-]*\d+)(?=[\s_./-])/i,
    by: "names of folders or files such as 'patient00001'",
  },
  {
    // NIH ChestX-ray14: patient and number of the film. A date does not begin with a zero.
    form: /(?:^|\/)(0\d{7})_\d{3}\.\w+$/,
    by: "names of files such as '00000013_005.png', patient before film",
  },
];

/**
 * Which films are of one patient: by the PatientID of DICOM files, else by their paths; undefined where neither tells it of every
 * film, since a film of unknown patient may be of any.
 */
export function knownPatients(films: readonly OwnFilm[]): KnownPatients | undefined {
  const told = films.flatMap(({ patient }) => patient ?? []);
  if (told.length === films.length) return { patients: told, by: 'the PatientID of the files' };
  for (const { form, by } of FORMS) {
    const named = films.flatMap(({ path }) => form.exec(path)?.[1].toLowerCase() ?? []);
    if (named.length === films.length) return { patients: named, by };
  }
  return undefined;
}
