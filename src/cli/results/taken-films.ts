import { createHmac, randomUUID } from 'node:crypto';
import { unusable } from '../frame/failure.js';
import type { ReadRow } from './read-scores.js';

/** Films that were taken in. Names may be those of patients: here are short hashes, sorted, of 8 bytes, two or three a film. */
export interface TakenFilms {
  /** Of the hashes, so that those of two states say nothing together. */
  readonly key: string;
  /** As base64, without anything between them. */
  readonly hashes: string;
}

const BYTES = 8;

/**
 * The rows of films that were not taken in before, in their order, and all that are taken in with them. A film is known by the SHA-256 of its file, under whatever
 * name. Where a row has none, its name and score tell, in any table, and its name alone in one table where it has no score, or had none before.
 *
 * @param earlier undefined where nothing was taken in yet
 * @throws Failure where a film of a table without SHA-256 has another score than before
 */
export function newFilms(
  earlier: TakenFilms | undefined,
  { table, path, rows }: TableRows,
): { readonly fresh: readonly ReadRow[]; readonly taken: TakenFilms } {
  const { key, hashes } = earlier ?? { key: randomUUID(), hashes: '' };
  const before = setOf(hashes);
  const known = new Set(before);
  const short = (...of: unknown[]) =>
    createHmac('sha256', key)
      .update(JSON.stringify(of))
      .digest('hex')
      .slice(0, 2 * BYTES);
  const fresh = rows.filter(({ file, score, fileHash }) => {
    const film = fileHash ? short('film', fileHash) : short('row', file, score ?? null);
    const place = short('place', table, file);
    const tried = short('tried', table, file);
    const byFilm = known.has(film);
    let isNew = !byFilm && !before.has(tried);
    if (isNew && !fileHash && before.has(place)) {
      if (score !== undefined) throw otherScore(path);
      isNew = false;
    }
    known.add(film).add(place);
    if (score !== undefined) known.delete(tried);
    else if (isNew || byFilm) known.add(tried);
    return isNew;
  });
  const sorted = Buffer.from([...known].sort().join(''), 'hex');
  return { fresh, taken: { key, hashes: sorted.toString('base64') } };
}

const otherScore = (path: string) =>
  unusable(
    `'${path}' has another score for a film that was taken in before; where it is about other films, give it another name; where another model gave the scores, begin a new state`,
  );

interface TableRows {
  /** What names it. */
  readonly table: string;
  readonly path: string;
  readonly rows: readonly ReadRow[];
}

/** Whether it is what `newFilms` gives. */
export function isTaken(value: unknown): value is TakenFilms {
  const { key, hashes } = Object(value);
  return (
    typeof key === 'string' &&
    typeof hashes === 'string' &&
    Buffer.from(hashes, 'base64').length % BYTES === 0
  );
}

function setOf(hashes: string): ReadonlySet<string> {
  const hex = Buffer.from(hashes, 'base64').toString('hex');
  return new Set(hex.match(/.{16}/g));
}
