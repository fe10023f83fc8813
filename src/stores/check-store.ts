import { LENGTH_TOLERANCE } from '../core/check-embeddings.js';
import { check, checkNumber, checkObject } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import type { BankStore, StoredRows } from './bank-store.js';

/** One more than the highest id. */
export const END_OF_IDS = 2 ** 31;

/** What a store is asked for has all that `BankStore` names, and rows of the size that is needed. @throws INVALID_OPTION | SHAPE_MISMATCH */
export function checkStore(where: string, store: BankStore, dim: number): void {
  const members = ['dim', 'size', 'add', 'nearest', 'blocks', 'close'];
  checkObject(where, 'store', store, 'a BankStore, what lanceStore returned say', members);
  check(
    store.dim === dim,
    'SHAPE_MISMATCH',
    () =>
      `${where}: rows of the store have ${store.dim} numbers, embeddings ${dim}; expected a store that was made for this model, with dim: ${dim}.`,
    { store: store.dim, embeddings: dim },
  );
}

/** Rows that may be put into a store. @returns how many. @throws INVALID_OPTION | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | INVALID_EMBEDDING */
export function checkAdded(where: string, { ids, rows }: StoredRows, dim: number): number {
  check(
    rows instanceof Float32Array && typeof ids?.length === 'number',
    'INVALID_OPTION',
    () => `${where}: expected { ids, rows } with an array and a Float32Array.`,
  );
  check(
    rows.length === ids.length * dim,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${ids.length} ids and ${rows.length} numbers; expected ${dim} numbers for each id.`,
  );
  const seen = new Set<number>();
  for (let i = 0; i < ids.length; i++) {
    check(
      isId(ids[i]) && !seen.has(ids[i]),
      'INDEX_OUT_OF_RANGE',
      () =>
        `${where}: ids[${i}] is ${ids[i]}${seen.has(ids[i]) ? ' for the second time' : ''}; expected whole numbers from 0 to ${END_OF_IDS - 1}, each once.`,
    );
    seen.add(ids[i]);
  }
  checkUnitLength(where, { ids, rows }, dim);
  return ids.length;
}

/** Adding an id twice would count its row twice. @throws INDEX_OUT_OF_RANGE */
export function alreadyThere(where: string, id: number, cause?: unknown): SaladError {
  return new SaladError(
    'INDEX_OUT_OF_RANGE',
    `${where}: the store has a row ${id} already; expected ids that are not in it; nothing was added.`,
    { id },
    { cause },
  );
}

/** What a store gave as a block of rows. @returns how many. @throws STORE_INVALID | INVALID_EMBEDDING */
export function checkBlock(where: string, { ids, rows }: StoredRows, dim: number): number {
  const count = ids?.length;
  check(
    rows instanceof Float32Array && rows.length === count * dim,
    'STORE_INVALID',
    () =>
      `${where}: the store gave a block of ${count} ids and ${rows?.length} numbers; expected ${dim} numbers for each id in a Float32Array.`,
  );
  checkIds(where, ids);
  checkUnitLength(where, { ids, rows }, dim);
  return count;
}

/** @throws STORE_INVALID */
export function checkIds(where: string, ids: ArrayLike<number>): void {
  for (let i = 0; i < ids.length; i++)
    check(
      isId(ids[i]),
      'STORE_INVALID',
      () =>
        `${where}: the store gave a row of the id ${ids[i]}; expected a whole number from 0 to ${END_OF_IDS - 1}.`,
    );
}

/** The options that every store has. @throws INVALID_OPTION */
export function checkDim(where: string, dim: number): void {
  checkNumber(where, 'dim', dim, { min: 1, integer: true });
}

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < END_OF_IDS;
}

function checkUnitLength(where: string, { ids, rows }: StoredRows, dim: number): void {
  for (let row = 0, i = 0; row < ids.length; row++) {
    let squares = 0;
    for (const end = i + dim; i < end; i++) squares += rows[i] * rows[i];
    check(
      Math.abs(squares - 1) <= LENGTH_TOLERANCE,
      'INVALID_EMBEDDING',
      () =>
        `${where}: row ${ids[row]} has length ${Math.sqrt(squares)}; expected 1, an embedding as the model gives it.`,
      { id: ids[row] },
    );
  }
}
