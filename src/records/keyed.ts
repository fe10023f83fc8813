import type { ImageRecord } from './image-record.js';
import type { PatientKeys } from './patient-key.js';

/** How many keys are made at once: enough to keep the threads of WebCrypto at work. */
const CONCURRENCY = 1024;

/** Records whose patients and studies are keys in place of what the list has. */
export async function keyed<R extends ImageRecord>(
  records: readonly R[],
  keys: PatientKeys | undefined,
): Promise<R[]> {
  if (keys === undefined) return [...records];
  const identifiers = new Set<string>();
  for (const { patient, study } of records)
    for (const identifier of [patient, study])
      if (identifier !== undefined) identifiers.add(identifier);
  const all = [...identifiers];
  const made = new Map<string, string>();
  for (let i = 0; i < all.length; i += CONCURRENCY) {
    const some = all.slice(i, i + CONCURRENCY);
    const their = await Promise.all(some.map((identifier) => keys.of(identifier)));
    some.forEach((identifier, j) => {
      made.set(identifier, their[j]);
    });
  }
  return records.map((record) => {
    const patient = record.patient && made.get(record.patient);
    const study = record.study && made.get(record.study);
    return { ...record, ...(patient && { patient }), ...(study && { study }) };
  });
}
