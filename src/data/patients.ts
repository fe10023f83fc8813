import type { ImageSource } from '../images/image-source.js';
import { checkSameSalt } from '../records/patient-key.js';
import { SaladError } from '../support/errors.js';

/**
 * Refuses splits that share a patient: a score on a patient seen in training says little.
 *
 * Sources that do not know their patients are passed over.
 *
 * @param splits by name, such as `{ train, validation, test }`
 * @throws PATIENT_OVERLAP naming one image a split of up to five of them, by position and never by key:
 * errors end in logs, details and all. `details.images` has the positions for every shared patient
 * @throws INVALID_OPTION where keys of different salts would be compared
 */
export function checkPatientsDisjoint(
  splits: Readonly<Record<string, Pick<ImageSource, 'patients'> | undefined>>,
): void {
  checkSameSalt(
    'checkPatientsDisjoint',
    Object.values(splits).flatMap((source) => source?.patients ?? []),
  );
  const firstImages = new Map<string, Map<string, number>>();
  for (const [name, source] of Object.entries(splits))
    source?.patients?.forEach((patient, image) => {
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
    `checkPatientsDisjoint: ${shared.length} patients are in more than one split, with the images ${listed.join(', ')}${more}; expected every patient in one; split on patients, not on images.`,
    { images: shared.map(([, images]) => Object.fromEntries(images)) },
  );
}
