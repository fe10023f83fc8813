import type { ImageRecord } from '../records/image-record.js';
import { checkSameSalt } from '../records/patient-key.js';
import { check, checkChoice } from '../support/check.js';
import type { RandomStream } from '../support/random.js';
import { nameOf, type SplitUnit, sortedByPath } from './split.js';

/** Images that stay together. */
export interface Unit {
  /** Sorted by path. */
  readonly records: readonly ImageRecord[];
  /** `mixed` has images of both classes; `unlabelled` has no image of either. */
  readonly kind: 'normal' | 'abnormal' | 'mixed' | 'unlabelled';
}

/**
 * Groups records into units, in an order that depends neither on the order of the records nor on the
 * salt of the patients' keys.
 *
 * @throws EMPTY_SET; INVALID_RECORDS for a path that is there twice or a record without what the unit is
 * made of; INVALID_OPTION
 */
export function unitsOf(
  where: string,
  records: readonly ImageRecord[],
  unit: SplitUnit,
): readonly Unit[] {
  checkChoice(where, 'unit', unit, ['patient', 'patient x body part']);
  check(
    records.length > 0,
    'EMPTY_SET',
    () => `${where}: records is empty; expected at least one record.`,
  );
  checkSameSalt(
    where,
    records.map(({ patient }) => patient),
  );
  const groups = new Map<string, ImageRecord[]>();
  const sorted = sortedByPath(records);
  sorted.forEach((record, i) => {
    check(
      record.path !== sorted[i - 1]?.path,
      'INVALID_RECORDS',
      () =>
        `${where}: '${nameOf(record)}' is in the records twice; expected every image once; remove one of them.`,
      { image: nameOf(record) },
    );
    const key = unitKey(where, record, unit);
    const group = groups.get(key) ?? [];
    group.push(record);
    groups.set(key, group);
  });
  return Array.from(groups.values(), (group) => ({ records: group, kind: kindOf(group) }));
}

/** Equal for records of one unit. @throws INVALID_RECORDS */
export function unitKey(where: string, record: ImageRecord, unit: SplitUnit): string {
  const { patient, bodyPart } = record;
  const name = nameOf(record);
  check(
    patient !== undefined,
    'INVALID_RECORDS',
    () =>
      `${where}: '${name}' has no patient; expected every record to have one; if no patient has two images, set patient to the path.`,
    { image: name },
  );
  if (unit === 'patient') return patient;
  check(
    bodyPart !== undefined,
    'INVALID_RECORDS',
    () =>
      `${where}: '${name}' has no bodyPart; expected one, as unit is '${unit}'; use unit 'patient'.`,
    { image: name },
  );
  return JSON.stringify([patient, bodyPart]);
}

/** The units in random order. */
export function shuffled(units: readonly Unit[], random: RandomStream): Unit[] {
  return Array.from(random.permutation(units.length), (i) => units[i]);
}

/** All records of some units, sorted by path. */
export function recordsOf(units: readonly Unit[]): ImageRecord[] {
  return sortedByPath(units.flatMap(({ records }) => records));
}

function kindOf(records: readonly ImageRecord[]): Unit['kind'] {
  const labels = new Set(records.flatMap(({ label }) => (label === undefined ? [] : [label])));
  if (labels.size === 2) return 'mixed';
  if (labels.size === 0) return 'unlabelled';
  return labels.has(0) ? 'normal' : 'abnormal';
}
