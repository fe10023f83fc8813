import type { ImageRecord } from '../records/image-record.js';
import { checkSameSalt } from '../records/patient-key.js';
import { check, checkChoice, checkKnownOptions } from '../support/check.js';
import { SaladError, type SaladErrorCode } from '../support/errors.js';
import type { InspectedImages } from './inspect-images.js';
import { checkParts, nameOf, type Split, type SplitUnit, splitUnits } from './split.js';
import { unitKey } from './units.js';

/**
 * Refuses parts that share a patient or an image.
 *
 * Two images are the same when their paths are equal or, where they were inspected, when their pixels are. Where no record has a
 * patient only images are compared. `nearDuplicates` reports images that are nearly the same.
 *
 * @param parts records by part
 * @param options `unit`, `inspected`
 * @returns nothing where no part overlaps another
 * @throws PATIENT_OVERLAP, IMAGE_OVERLAP: the message names up to five groups of images by part, `details.overlaps` all of
 * them; a patient's key is in neither. INVALID_RECORDS where only some records have a patient. INVALID_OPTION where keys of
 * different salts would be compared, or an image was not inspected. UNKNOWN_OPTION
 * @example
 * checkSplit(split.parts, { inspected: await inspectImages(films) });
 */
export function checkSplit(
  parts: Split['parts'],
  options: {
    /**
     * What must not be in two parts.
     * @defaultValue 'patient'
     */
    readonly unit?: SplitUnit;
    /**
     * What `inspectImages` returned; with it, equal pixels in two parts are refused too.
     * @defaultValue pixels are not compared
     */
    readonly inspected?: InspectedImages;
  } = {},
): void {
  checkKnownOptions('checkSplit', options, { unit: true, inspected: true });
  refuseOverlaps('checkSplit', parts, options);
}

/** `checkSplit` for the public call `where`. */
export function refuseOverlaps(
  where: string,
  parts: Split['parts'],
  {
    unit = 'patient',
    inspected,
  }: { readonly unit?: SplitUnit; readonly inspected?: InspectedImages },
): void {
  checkChoice(where, 'unit', unit, splitUnits);
  checkParts(where, parts);
  const records = Object.values(parts).flat();
  checkSameSalt(
    where,
    records.map(({ patient }) => patient),
  );
  const strangers = records.filter(({ patient }) => patient === undefined);
  check(
    strangers.length === 0 || strangers.length === records.length,
    'INVALID_RECORDS',
    () =>
      `${where}: ${strangers.length} of ${records.length} records have no patient, ${placeOf(parts, strangers[0])} for one; expected all or none, since their overlap would not be found; set their patients, or leave them out.`,
    { images: strangers.map(nameOf) },
  );
  const ofUnit = (record: ImageRecord) =>
    record.patient === undefined
      ? undefined
      : unitKey(where, record, unit, () => placeOf(parts, record));
  refuse(where, 'PATIENT_OVERLAP', overlaps(parts, ofUnit), [
    unit === 'patient' ? 'patients are' : 'units of patient and body part are',
    'expected every one in a single part; split with splitByPatient',
  ]);
  refuse(
    where,
    'IMAGE_OVERLAP',
    overlaps(parts, ({ path }) => path),
    ['images are', 'expected every one in a single part; remove it from the others'],
  );
  if (!inspected) return;
  const missing = records.filter((record) => !inspected.has(nameOf(record)));
  check(
    missing.length === 0,
    'INVALID_OPTION',
    () =>
      `${where}: inspected lacks ${missing.length} of ${records.length} images, ${placeOf(parts, missing[0])} for one; expected all; inspect a source of the same records.`,
    { missing: missing.map(nameOf) },
  );
  refuse(
    where,
    'IMAGE_OVERLAP',
    overlaps(parts, (record) => inspected.get(nameOf(record))?.content),
    [
      'images are, pixel for pixel,',
      'expected every one in a single part; remove all but one of each group',
    ],
  );
}

/** `test[3] ('a.png')`: where a record is. */
function placeOf(parts: Split['parts'], record: ImageRecord): string {
  const [part, records] = Object.entries(parts).find(([, some]) => some.includes(record)) ?? [
    '',
    [],
  ];
  return `${part}[${records.indexOf(record)}] ('${nameOf(record)}')`;
}

/** Names of images by part. */
type Overlap = Readonly<Record<string, readonly string[]>>;

/** The images, by part, of every key that is in more than one. */
function overlaps(
  parts: Split['parts'],
  keyOf: (record: ImageRecord) => string | undefined,
): readonly Overlap[] {
  const holders = new Map<string, Record<string, string[]>>();
  for (const [part, records] of Object.entries(parts))
    for (const record of records) {
      const key = keyOf(record);
      if (key === undefined) continue;
      const names = holders.get(key) ?? {};
      names[part] = [...(names[part] ?? []), nameOf(record)];
      holders.set(key, names);
    }
  return [...holders.values()].filter((names) => Object.keys(names).length > 1);
}

function refuse(
  where: string,
  code: SaladErrorCode,
  found: readonly Overlap[],
  [what, remedy]: readonly [string, string],
): void {
  if (found.length === 0) return;
  const listed = found
    .slice(0, 5)
    .map((names) =>
      Object.entries(names)
        .map(
          ([part, [first, ...rest]]) =>
            `${part} '${first}'${rest.length > 0 ? ` (and ${rest.length} more)` : ''}`,
        )
        .join(' = '),
    )
    .join(', ');
  const more = found.length > 5 ? ` and ${found.length - 5} more` : '';
  throw new SaladError(
    code,
    `${where}: ${found.length} ${what} in more than one part: ${listed}${more}; ${remedy}.`,
    { overlaps: found },
  );
}
