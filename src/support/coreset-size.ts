import { checkNumber } from './check.js';

/** @throws INVALID_OPTION for what is neither a share nor a number of rows */
export function checkCoresetSize(where: string, name: string, size: number): void {
  checkNumber(where, name, size, { above: 0, ...(size > 1 && { integer: true }) });
}

/**
 * Rows of a coreset of so many rows.
 *
 * @param size a share of them, in (0, 1], or a number of rows above 1
 * @param mostOfShare rows that a share comes to at most
 */
export function coresetSize(size: number, rows: number, mostOfShare = rows): number {
  if (size > 1) return Math.min(size, rows);
  return Math.min(mostOfShare, Math.max(1, Math.round(size * rows)));
}
