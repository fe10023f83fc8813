import { SaladError } from '../support/errors.js';
import type { ImageRecord } from './image-record.js';

/** INVALID_RECORDS unless records are as many, of as many patients, as a set is known to have. */
export function checkWholeSet(
  where: string,
  records: readonly ImageRecord[],
  expected: { readonly images: number; readonly patients: number },
): void {
  const images = records.length;
  const patients = new Set(records.map(({ patient }) => patient)).size;
  if (images === expected.images && patients === expected.patients) return;
  throw new SaladError(
    'INVALID_RECORDS',
    `${where}: the lists have ${images} images of ${patients} patients; expected ${expected.images} of ${expected.patients}, the whole set; download the lists again, or leave the option whole out to read fewer images.`,
    { images, patients, expected },
  );
}
