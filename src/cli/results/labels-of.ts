import type { ImageRecord } from 'salad-ad/data';
import { unusable } from '../frame/failure.js';
import { fileFinder } from './file-finder.js';
import type { Row } from './row.js';

/** Scores beside what is known of their images. */
export interface Judged {
  readonly scores: Float64Array;
  readonly labels: Int32Array;
  readonly records: readonly ImageRecord[];
  readonly rows: readonly Row[];
  readonly threshold?: number;
}

/**
 * Rows with the labels of their files: by a folder or list of images, whose paths are compared as absolute ones and, where the table was
 * made elsewhere, by how they end.
 *
 * @throws Failure where no file has a label, or all have one
 */
export function judged(
  rows: readonly Row[],
  { root, records }: { readonly root: string; readonly records: readonly ImageRecord[] },
): Judged {
  const indexOf = fileFinder(
    records.map(({ path }) => path),
    root,
  );
  const found = rows.flatMap((row) => {
    const index = indexOf(row.file);
    const record = index === undefined ? undefined : records[index];
    return record?.label === undefined || row.score === undefined ? [] : [{ row, record }];
  });
  const abnormal = found.filter(({ record }) => record.label === 1).length;
  if (abnormal === 0 || abnormal === found.length)
    throw unusable(
      `${found.length} of ${rows.length} scored files have a label, ${abnormal} of them abnormal; expected some of both classes: name the folder or list that says which is which with --labelled${found.length === 0 ? otherPaths(rows, records) : ''}`,
    );
  const { threshold } = found[0].row;
  return {
    scores: Float64Array.from(found, ({ row }) => row.score as number),
    labels: Int32Array.from(found, ({ record }) => record.label as number),
    records: found.map(({ record }) => record),
    rows: found.map(({ row }) => row),
    ...(threshold !== undefined && { threshold }),
  };
}

/** Why nothing was found: files are told by their paths, never by their pixels. */
function otherPaths(rows: readonly Row[], records: readonly ImageRecord[]): string {
  if (rows.length === 0 || records.length === 0) return '';
  return `. Files are found by their path: ${rows[0].file} was scored, and the labels are for paths such as ${records[0].path}. Score the folder that has the labels`;
}
