import type { ImageSource } from '../images/image-source.js';
import type { ImageRecord } from '../records/image-record.js';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/**
 * What a source says of its images, taken from their records.
 *
 * @throws EMPTY_SET; INVALID_RECORDS where only some have labels, or only some patients, or a label is not 0 or 1
 */
export function recordFacts(
  where: string,
  records: readonly ImageRecord[],
): Pick<ImageSource, 'length' | 'ids' | 'labels' | 'patients'> {
  const { length } = records;
  check(length > 0, 'EMPTY_SET', () => `${where}: got no records; expected at least one image.`);
  const labels = factOf(where, records, 'label', 'a known anomaly would count as normal');
  const patients = factOf(
    where,
    records,
    'patient',
    'overlap with another split would not be found',
  );
  labels?.forEach((label, i) => {
    if (label !== 0 && label !== 1)
      throw new SaladError(
        'INVALID_RECORDS',
        `${where}: the label of record ${i} is ${String(label)}; expected 0 (normal) or 1 (known anomaly).`,
        { record: i, label },
      );
  });
  return {
    length,
    ids: records.map(({ id, path }) => id ?? path),
    ...(labels && { labels: Uint8Array.from(labels) }),
    ...(patients && { patients }),
  };
}

/** One fact of every record; undefined where none has it. */
function factOf<K extends 'label' | 'patient'>(
  where: string,
  records: readonly ImageRecord[],
  name: K,
  harm: string,
): NonNullable<ImageRecord[K]>[] | undefined {
  const without = records.findIndex((record) => record[name] === undefined);
  if (without === -1) return records.map((record) => record[name] as NonNullable<ImageRecord[K]>);
  check(
    records.every((record) => record[name] === undefined),
    'INVALID_RECORDS',
    () =>
      `${where}: record ${without} has no ${name} but others have; expected all or none, for ${harm}.`,
    { record: without },
  );
  return undefined;
}
