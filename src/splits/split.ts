import type { ImageRecord } from '../records/image-record.js';

/** Records in parts, none of them in two. */
export interface Split<Part extends string = string> {
  /** Each sorted by path. */
  readonly parts: Readonly<Record<Part, readonly ImageRecord[]>>;
  /** In no part: known anomalies that were not drawn, and normals whose place they took. */
  readonly unused: readonly ImageRecord[];
  readonly recipe: SplitRecipe;
}

/** How a split was made; JSON. */
export interface SplitRecipe {
  readonly method: 'splitByPatient' | 'paperSplit';
  /** All of them, with their defaults. */
  readonly options: SplitOptions;
}

/** What every way of splitting is told. */
export interface SplitOptions {
  readonly seed: number;
  readonly unit: SplitUnit;
}

/**
 * What is never divided.
 *
 * `patient`: all images of a patient. `patient x body part`: a patient's images of one body part, as the
 * paper does with MURA; the same patient's hand may then be trained on and the shoulder tested.
 */
export type SplitUnit = 'patient' | 'patient x body part';

/** How an image is named in errors and results, and in the `ids` of a source of records. */
export function nameOf({ id, path }: Pick<ImageRecord, 'id' | 'path'>): string {
  return id ?? path;
}

/** In the order of their paths, by code unit, on every machine alike. */
export function sortedByPath(records: readonly ImageRecord[]): ImageRecord[] {
  return [...records].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}
