import { SaladError } from '../support/errors.js';
import type { ImageSource } from './image-source.js';

/**
 * Refuses splits that share a patient: a score on a patient seen in training says little.
 *
 * Sources that do not know their patients are passed over.
 *
 * @param splits by name, such as `{ train, validation, test }`
 * @throws PATIENT_OVERLAP naming up to five of them; all are in `details.patients`
 */
export function checkPatientsDisjoint(
  splits: Readonly<Record<string, Pick<ImageSource, 'patients'> | undefined>>,
): void {
  const splitsOf = new Map<string, Set<string>>();
  for (const [name, source] of Object.entries(splits))
    for (const patient of source?.patients ?? []) {
      const names = splitsOf.get(patient) ?? new Set();
      splitsOf.set(patient, names.add(name));
    }
  const shared = [...splitsOf].filter(([, names]) => names.size > 1);
  if (shared.length === 0) return;
  const listed = shared
    .slice(0, 5)
    .map(([patient, names]) => `'${patient}' (${[...names].join(' and ')})`);
  const more = shared.length > 5 ? ` and ${shared.length - 5} more` : '';
  throw new SaladError(
    'PATIENT_OVERLAP',
    `checkPatientsDisjoint: ${shared.length} patients are in more than one split: ${listed.join(', ')}${more}; expected every patient in one; split on patients, not on images.`,
    { patients: Object.fromEntries(shared.map(([patient, names]) => [patient, [...names]])) },
  );
}
