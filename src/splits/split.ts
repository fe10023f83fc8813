import { checkRecords, type ImageRecord } from '../records/image-record.js';
import { checkObject } from '../support/check.js';

/**
 * Records in parts, none of them in two.
 *
 * @example
 * const { parts, unused, recipe }: Split = splitByPatient(records, { parts: { train: 0.5, test: 0.5 }, seed: 7 });
 */
export interface Split<Part extends string = string> {
  /** The records of each part, sorted by path. */
  readonly parts: Readonly<Record<Part, readonly ImageRecord[]>>;
  /** Records in no part: known anomalies that were not drawn, and normals whose place they took. */
  readonly unused: readonly ImageRecord[];
  /** How the split was made; JSON. */
  readonly recipe: {
    /** The function that made it. */
    readonly method: 'splitByPatient' | 'paperSplit';
    /** All its options, with their defaults. */
    readonly options: Readonly<Record<string, unknown>> & {
      /** Of the random stream. */
      readonly seed: number;
      /** What was never divided. */
      readonly unit: SplitUnit;
    };
  };
}

/**
 * What is never divided between parts.
 *
 * `patient`: all images of a patient. `patientAndBodyPart`: a patient's images of one body part, as the
 * paper does with MURA; the same patient's hand may then be trained on and the shoulder tested.
 *
 * @example
 * const unit: SplitUnit = 'patientAndBodyPart';
 */
export type SplitUnit = 'patient' | 'patientAndBodyPart';

/** All of them. */
export const splitUnits: readonly SplitUnit[] = ['patient', 'patientAndBodyPart'];

/** How an image is named in errors and results, and in the `ids` of a source of records. */
export function nameOf({ id, path }: Pick<ImageRecord, 'id' | 'path'>): string {
  return id ?? path;
}

/** In the order of their paths, by code unit, on every machine alike. */
export function sortedByPath(records: readonly ImageRecord[]): ImageRecord[] {
  return [...records].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** Lists of records by part, or INVALID_OPTION. */
export function checkParts(where: string, parts: Split['parts']): void {
  checkObject(where, 'parts', parts, 'lists of records by part, as { train, test }');
  for (const [part, records] of Object.entries(parts))
    checkRecords(where, `parts.${part}`, records);
}
