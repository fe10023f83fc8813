import type { Scored } from './scored.js';

/** What is known of one file; a number is absent where the model gives none, or the file could not be read. */
export interface Row {
  readonly file: string;
  readonly score?: number;
  readonly abnormal?: boolean;
  readonly pValue?: number;
  /** The group whose normals the p-value rests on; absent where it rests on all. */
  readonly pValueGroup?: string;
  /** Whether it is selected at the false discovery rate that was asked for, among all of its table. */
  readonly selected?: boolean;
  readonly normalized?: number;
  readonly relative?: number;
  readonly angular?: number;
  readonly cells?: number;
  readonly threshold?: number;
  /** Training image that is nearest, by its row. */
  readonly nearestRow?: number;
  readonly nearestAngleDegrees?: number;
  /** SHA-256 of the bytes of the file, and of what names the model; as hex. */
  readonly fileHash?: string;
  readonly modelHash?: string;
  /** Why it could not be read. */
  readonly problem?: string;
}

/** In the order of a table; documented in docs/command-line.md. */
export const columns = [
  'file',
  'score',
  'abnormal',
  'pValue',
  'pValueGroup',
  'selected',
  'normalized',
  'relative',
  'angular',
  'cells',
  'threshold',
  'nearestRow',
  'nearestAngleDegrees',
  'fileHash',
  'modelHash',
  'problem',
] as const satisfies readonly (keyof Row)[];

/** What a column holds. */
export const columnType = (column: (typeof columns)[number]): 'text' | 'truth' | 'number' => {
  if (['file', 'pValueGroup', 'fileHash', 'modelHash', 'problem'].includes(column)) return 'text';
  return ['abnormal', 'selected'].includes(column) ? 'truth' : 'number';
};

/** A row for every file that was asked for, in their order. */
export function rowsOf(result: Scored, files: readonly string[]): Row[] {
  const rows: Row[] = files.map((file) => ({ file }));
  const { scores, indices, abnormal, normalized, relative, angular, cells, threshold } = result;
  scores.forEach((score, i) => {
    const at = indices?.[i] ?? i;
    rows[at] = {
      file: files[at],
      score,
      abnormal: abnormal?.[i],
      pValue: result.pValues?.[i],
      pValueGroup: result.pValueGroups?.[i],
      normalized: normalized?.[i],
      relative: relative?.[i],
      angular: angular?.[i],
      cells: cells?.[i],
      threshold,
      ...(result.nearestRows && { nearestRow: result.nearestRows[i][0] }),
      ...(result.nearestAngles && {
        nearestAngleDegrees: (result.nearestAngles[i][0] * 180) / Math.PI,
      }),
    };
  });
  for (const { index, code, message } of result.problems ?? [])
    rows[index] = { file: files[index], problem: `${code}: ${message}` };
  return rows;
}
