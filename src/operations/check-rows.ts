import { check, checkFinite, checkNumber } from '../support/check.js';

/** Rows of `dim` finite numbers each. @returns how many. @throws INVALID_OPTION, SHAPE_MISMATCH, NOT_FINITE */
export function checkRows(where: string, rows: Float32Array, dim: number): number {
  checkNumber(where, 'dim', dim, { min: 1, integer: true });
  check(
    rows instanceof Float32Array,
    'INVALID_OPTION',
    () => `${where}: rows is ${typeof rows}; expected a Float32Array, row after row.`,
  );
  check(
    rows.length > 0 && rows.length % dim === 0,
    'SHAPE_MISMATCH',
    () =>
      `${where}: rows has ${rows.length} numbers; expected one row or more of ${dim}; check dim.`,
  );
  checkFinite(where, 'rows', rows, 'check what the encoder gave');
  return rows.length / dim;
}
