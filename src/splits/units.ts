import { checkRecords, type ImageRecord } from '../records/image-record.js';
import { checkSameSalt } from '../records/patient-key.js';
import { check, checkChoice } from '../support/check.js';
import type { RandomStream } from '../support/random.js';
import { nameOf, type SplitUnit, sortedByPath, splitUnits } from './split.js';

/** Images that stay together. */
export interface Unit {
  /** Sorted by path. */
  readonly records: readonly ImageRecord[];
  /** `mixed` has images of both classes; `unlabelled` has no image of either. */
  readonly labels: 'normal' | 'abnormal' | 'mixed' | 'unlabelled';
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
  checkChoice(where, 'unit', unit, splitUnits);
  checkRecords(where, 'records', records);
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
        `${where}: ${placesOf(records, record)} are both '${nameOf(record)}'; expected every image once; remove one of them.`,
      { image: nameOf(record) },
    );
    const key = unitKey(where, record, unit, () => `records[${records.indexOf(record)}]`);
    const group = groups.get(key) ?? [];
    group.push(record);
    groups.set(key, group);
  });
  return Array.from(groups.values(), (group) => ({ records: group, labels: labelsOf(group) }));
}

/** `records[3] and records[7]`: where the image of a record is. */
function placesOf(records: readonly ImageRecord[], { path }: ImageRecord): string {
  const places = records.flatMap((other, i) => (other.path === path ? [`records[${i}]`] : []));
  return places.slice(0, 2).join(' and ');
}

/** Equal for records of one unit. @throws INVALID_RECORDS naming the record, whose place `at` says */
export function unitKey(
  where: string,
  record: ImageRecord,
  unit: SplitUnit,
  at: () => string,
): string {
  const { patient, bodyPart } = record;
  const name = nameOf(record);
  check(
    patient !== undefined,
    'INVALID_RECORDS',
    () =>
      `${where}: ${at()} ('${name}') has no patient; expected every record to have one; if no patient has two images, set patient to the path.`,
    { image: name },
  );
  if (unit === 'patient') return patient;
  check(
    bodyPart !== undefined,
    'INVALID_RECORDS',
    () =>
      `${where}: ${at()} ('${name}') has no bodyPart; expected one, as unit is '${unit}'; use unit 'patient'.`,
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

function labelsOf(records: readonly ImageRecord[]): Unit['labels'] {
  const labels = new Set(records.flatMap(({ label }) => (label === undefined ? [] : [label])));
  if (labels.size === 2) return 'mixed';
  if (labels.size === 0) return 'unlabelled';
  return labels.has(0) ? 'normal' : 'abnormal';
}
