import { misused, unusable } from '../frame/failure.js';
import { fileFinder } from './file-finder.js';
import type { ReadRow } from './read-scores.js';
import { type Cells, readTable } from './read-table.js';

/** Columns that are watched beside the scores, each with what it holds. */
export type TraitKinds = Readonly<Record<string, 'number' | 'category'>>;

/** Of columns that name films or patients a state of the watch would hold every value. */
const NAMES_FILMS = /^(file|path|id)$|patient|study|series|instance|accession|hash|name/i;

/** The columns that a line names. @throws Failure */
export function traitKinds({
  numbers,
  categories,
}: {
  readonly numbers?: string;
  readonly categories?: string;
}): TraitKinds {
  const named = [
    ...namesIn(numbers).map((name) => [name, 'number'] as const),
    ...namesIn(categories).map((name) => [name, 'category'] as const),
  ];
  for (const [i, [name]] of named.entries()) {
    if (NAMES_FILMS.test(name))
      throw misused(
        `'${name}' cannot be watched: by its name it tells films or patients apart, and what was seen of a column is kept in the state; call it otherwise where it does not`,
      );
    if (named.findIndex(([other]) => other === name) < i)
      throw misused(`the column '${name}' is named twice; name it in --numbers or in --categories`);
  }
  return Object.fromEntries(named);
}

const namesIn = (list = '') =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/**
 * What is known of the films of a table beside their scores: by its own columns, else by those of a table about the films.
 *
 * @param about path of a table with a column file or path
 * @returns one for each row; a value that is missing is undefined
 * @throws Failure where no table has a column, or none of the films is in `about`
 */
export async function traitsOf(
  kinds: TraitKinds,
  { path, rows }: { readonly path: string; readonly rows: readonly ReadRow[] },
  about?: string,
): Promise<Readonly<Record<string, string | number | undefined>>[]> {
  const names = Object.keys(kinds);
  if (names.length === 0) return rows.map(() => ({}));
  const lacking = names.filter((name) => !has(rows, name));
  const others = about && lacking.length > 0 ? await rowsAbout(about, path, rows) : [];
  for (const name of lacking)
    if (!has(others, name))
      throw misused(
        `${about ? `neither '${path}' nor '${about}' has a` : `'${path}' has no`} column '${name}'; name a table that has it beside a column file, as \`salad-ad check FILMS --table FILE\` writes it, with --metadata`,
      );
  return rows.map((row, i) =>
    Object.fromEntries(
      names.map((name) => {
        const cell = lacking.includes(name) ? others[i]?.[name] : row[name];
        return [name, traitValue(name, kinds[name], cell)];
      }),
    ),
  );
}

const has = (rows: readonly (Cells | undefined)[], name: string) =>
  rows.some((row) => row && name in row);

/** The row about each film; undefined for one that is not there. */
async function rowsAbout(
  about: string,
  path: string,
  rows: readonly ReadRow[],
): Promise<(Cells | undefined)[]> {
  const remedy = 'name a table about the films, such as `salad-ad check FILMS --table FILE` writes';
  const table = await readTable(about, remedy);
  const column = ['file', 'path'].find((name) => has(table, name));
  if (!column)
    throw unusable(
      `'${about}' has no column file or path, which says of which film a row is; ${remedy}`,
    );
  const names = table.map((row) => String(row[column] ?? ''));
  const indexOf = fileFinder(names);
  const found = rows.map(({ file }) => {
    const index = indexOf(file);
    return index === undefined ? undefined : table[index];
  });
  if (found.every((row) => row === undefined))
    throw unusable(
      `none of the films of '${path}' is in '${about}' by its column ${column}; expected the paths that were scored, or their ends; ${remedy}`,
    );
  return found;
}

function traitValue(name: string, kind: TraitKinds[string], cell: unknown) {
  if (cell === undefined || cell === null || cell === '') return undefined;
  if (kind === 'category') return String(cell);
  const number = typeof cell === 'string' && cell.trim() === '' ? Number.NaN : Number(cell);
  if (Number.isFinite(number)) return number;
  throw unusable(
    `the column '${name}' holds something that is no number; name it in --categories where it holds words`,
  );
}
