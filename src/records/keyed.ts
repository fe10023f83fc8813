import type { ImageRecord } from './image-record.js';
import type { PatientKeys } from './patient-key.js';

/** Records whose patients and studies are keys in place of what the list has. */
export async function keyed<R extends ImageRecord>(
  records: readonly R[],
  keys: PatientKeys | undefined,
): Promise<R[]> {
  if (keys === undefined) return [...records];
  const made = new Map<string, string>();
  for (const { patient, study } of records)
    for (const identifier of [patient, study])
      if (identifier !== undefined && !made.has(identifier))
        made.set(identifier, await keys.of(identifier));
  return records.map((record) => {
    const patient = record.patient && made.get(record.patient);
    const study = record.study && made.get(record.study);
    return { ...record, ...(patient && { patient }), ...(study && { study }) };
  });
}
