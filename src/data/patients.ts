import type { ImageSource } from '../images/image-source.js';
import { checkSameSalt } from '../records/patient-key.js';
import { check, checkObject } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/**
 * Refuses splits that share a patient: a score on a patient seen in training says little.
 *
 * If no source knows its patients, there is nothing to compare, and none is refused.
 *
 * @param splits sources by name, such as `{ train, validation, test }`; one that is undefined is left out
 * @param where the call that errors name; default 'checkPatientsDisjoint'
 * @throws PATIENT_OVERLAP naming one image a split of up to five of them, by position and never by key:
 * errors end in logs, details and all. `details.images` has the positions for every shared patient
 * @throws INVALID_OPTION where some sources know their patients and some do not, or where keys of different salts
 * would be compared
 * @example
 * checkPatientsDisjoint({ train, validation, test });
 */
export function checkPatientsDisjoint(
  splits: Readonly<Record<string, Pick<ImageSource, 'patients'> | undefined>>,
  where = 'checkPatientsDisjoint',
): void {
  checkObject(where, 'splits', splits, 'sources by name, such as { train, validation, test }');
  const given = Object.entries(splits).flatMap(([name, source]) =>
    source ? [{ name, patients: source.patients }] : [],
  );
  const stranger = given.find(({ patients }) => !patients);
  const known = given.find(({ patients }) => patients);
  check(
    !stranger || !known,
    'INVALID_OPTION',
    () =>
      `${where}: '${stranger?.name}' does not know its patients and '${known?.name}' does; expected all or none, since an overlap would not be found; give its patients, or leave out those of the others.`,
  );
  checkSameSalt(
    where,
    given.flatMap(({ patients }) => patients ?? []),
  );
  const firstImages = new Map<string, Map<string, number>>();
  for (const { name, patients } of given)
    patients?.forEach((patient, image) => {
      const images = firstImages.get(patient) ?? new Map<string, number>();
      if (!images.has(name)) images.set(name, image);
      firstImages.set(patient, images);
    });
  const shared = [...firstImages].filter(([, images]) => images.size > 1);
  if (shared.length === 0) return;
  const listed = shared
    .slice(0, 5)
    .map(([, images]) => Array.from(images, ([name, image]) => `${name}[${image}]`).join(' and '));
  const more = shared.length > 5 ? ` and ${shared.length - 5} more` : '';
  throw new SaladError(
    'PATIENT_OVERLAP',
    `${where}: ${shared.length} patients are in more than one split, with the images ${listed.join(', ')}${more}; expected every patient in one; split on patients, not on images.`,
    { images: shared.map(([, images]) => Object.fromEntries(images)) },
  );
}
