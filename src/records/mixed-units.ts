import type { ImageRecord } from './image-record.js';

/** Images that are split as one, with both labels among them. */
export interface MixedUnit {
  readonly patient: string;
  readonly bodyPart: string;
  /** Places in the records, of each label. */
  readonly normal: readonly number[];
  readonly abnormal: readonly number[];
}

/**
 * The units of patient and body part that have normal images and abnormal ones, which SALAD's paper
 * keeps out of training on MURA.
 *
 * @param records with patient, body part and label
 * @returns in the order of their first image
 */
export function mixedUnits(records: readonly ImageRecord[]): MixedUnit[] {
  const units = new Map<
    string,
    { patient: string; bodyPart: string; normal: number[]; abnormal: number[] }
  >();
  records.forEach(({ patient, bodyPart, label }, i) => {
    if (patient === undefined || bodyPart === undefined || label === undefined) return;
    const name = JSON.stringify([patient, bodyPart]);
    const unit = units.get(name) ?? { patient, bodyPart, normal: [], abnormal: [] };
    (label === 1 ? unit.abnormal : unit.normal).push(i);
    units.set(name, unit);
  });
  return [...units.values()].filter(({ normal, abnormal }) => normal.length && abnormal.length);
}
