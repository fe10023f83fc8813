import fc from 'fast-check';
import type { ImageRecord } from '../../src/data/index.js';

/** Records of up to `patients` patients with up to 5 images each, in random order. */
export function drawnRecords(patients = 60): fc.Arbitrary<ImageRecord[]> {
  const image = fc.record({
    label: fc.constantFrom(0 as const, 0 as const, 1 as const),
    view: fc.constantFrom('AP', 'PA'),
    bodyPart: fc.constantFrom('HAND', 'ELBOW'),
  });
  return fc
    .array(fc.array(image, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: patients })
    .chain((groups) => {
      const records = groups.flatMap((images, patient) =>
        images.map((facts, i) => ({
          path: `${patient}/${i}.png`,
          patient: `p${patient}`,
          ...facts,
        })),
      );
      return fc.shuffledSubarray(records, { minLength: records.length });
    });
}

/** Patients of one image each. */
export function singles(count: number, label: (i: number) => 0 | 1): ImageRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    path: `${String(i).padStart(6, '0')}.png`,
    patient: `p${i}`,
    label: label(i),
  }));
}

export const pathsOf = (records: readonly ImageRecord[]) => records.map(({ path }) => path);
