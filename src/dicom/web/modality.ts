import type { DicomWebOptions } from './dicom-web-options.js';

/** The modalities that a query names, one by one; undefined where it names none, or patterns of them. */
export function modalitiesIn(
  query: NonNullable<DicomWebOptions['query']>,
): ReadonlySet<string> | undefined {
  const asked = Object.entries(query)
    .filter(([name]) => /^(Modality|00080060)$/i.test(name))
    .flatMap(([, value]) => String(value).split(/[,\\]/))
    .map(plain);
  return asked.length > 0 && asked.every((one) => /^[A-Z0-9_]+$/.test(one))
    ? new Set(asked)
    : undefined;
}

/** Whether an instance says that it is of none of these modalities; one that says nothing may be. */
export const isOther = (
  modality: string | undefined,
  asked: ReadonlySet<string> | undefined,
): boolean => asked !== undefined && modality !== undefined && !asked.has(plain(modality));

const plain = (modality: string) => modality.trim().toUpperCase();
