import { gunzipSync } from 'fflate';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/**
 * A list as text, or as the bytes of a UTF-8 file, gzipped or not.
 *
 * @example
 * const list: ListFile = await readFile('films.csv.gz');
 */
export type ListFile = string | Uint8Array;

/** One line of a table: its number in the file, from 1, and its fields by column. */
export interface TableLine<Column extends string = string> {
  readonly line: number;
  readonly fields: Readonly<Record<Column, string>>;
}

/** How `readTable` takes a file apart. */
export interface TableForm {
  /**
   * The sign between fields.
   * @defaultValue whichever of comma, semicolon and tab the first line has most of
   */
  readonly delimiter?: string;
  /** Names for the columns of a file that has no first line with names. */
  readonly names?: readonly string[];
  /** Further columns, handed over where they are there. */
  readonly optional?: readonly string[];
}

/**
 * Hands over the lines of a CSV file one by one, without holding all of them: quoted fields, a byte
 * order mark, any line ends.
 *
 * @param where the call that errors name, and the list where it has several
 * @param columns the ones that must be there; only these are handed over unless it is `'all'`
 * @throws INVALID_RECORDS naming the line, never what stands there: it may identify a patient
 */
export async function readTable<Column extends string>(
  where: string,
  file: ListFile,
  columns: readonly Column[] | 'all',
  each: (line: TableLine<Column>) => void,
  { delimiter, names, optional = [] }: TableForm = {},
): Promise<void> {
  // Loaded on use: a page that reads no list does not carry it.
  const { default: Papa } = await import('papaparse');
  const text = textOf(where, file).replace(/\r\n?/g, '\n');
  const placesIn = (found: readonly string[]) => {
    const extra = optional.filter((name) => found.some((one) => one.trim() === name)) as Column[];
    return placesOf(where, found, columns === 'all' ? columns : [...columns, ...extra]);
  };
  let places = names && placesIn(names);
  let width = names?.length ?? 0;
  let line = 1;
  Papa.parse<string[]>(text, {
    delimiter: delimiter ?? delimiterOf(text),
    newline: '\n',
    step: ({ data, errors }) => {
      const blank = data.length === 1 && data[0].trim() === '';
      if (errors.length > 0) throw badLine(where, line, `is not a CSV line (${errors[0].message})`);
      if (!blank && places === undefined) {
        width = data.length;
        places = placesIn(data);
      } else if (!blank) {
        if (data.length < width || data.slice(width).some((field) => field.trim() !== ''))
          throw badLine(where, line, `has ${data.length} fields; expected ${width}`);
        each({ line, fields: pick(data, places!) });
      }
      line += data.reduce((ends, field) => ends + field.split('\n').length - 1, 1);
    },
  });
  check(
    places !== undefined,
    'INVALID_RECORDS',
    () => `${where}: the list is empty; expected a first line with the names of the columns.`,
  );
}

/** INVALID_RECORDS at a line, and at a column of it. */
export function badLine(where: string, line: number, problem: string, column?: string): SaladError {
  const place = column === undefined ? `line ${line}` : `line ${line}, column '${column}',`;
  return new SaladError('INVALID_RECORDS', `${where}: ${place} ${problem}; correct the list.`, {
    line,
    column,
  });
}

/** The lines of a list of names, without blank ones. */
export function linesOf(where: string, file: ListFile): string[] {
  return textOf(where, file)
    .replace(/^\uFEFF/, '')
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function textOf(where: string, file: ListFile): string {
  if (typeof file === 'string') return file;
  try {
    const gzipped = file[0] === 0x1f && file[1] === 0x8b;
    return new TextDecoder('utf-8', { fatal: true }).decode(gzipped ? gunzipSync(file) : file);
  } catch (cause) {
    throw new SaladError(
      'INVALID_RECORDS',
      `${where}: the list is not text in UTF-8, gzipped or not; expected a CSV file; save it as UTF-8.`,
      {},
      { cause },
    );
  }
}

function delimiterOf(text: string): string {
  const first = /[^\n]*\S[^\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? '';
  const count = (delimiter: string) => first.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function placesOf<Column extends string>(
  where: string,
  found: readonly string[],
  columns: readonly Column[] | 'all',
): Map<Column, number> {
  const names = found.map((name) => name.trim());
  const wanted = columns === 'all' ? (names.filter((name) => name !== '') as Column[]) : columns;
  return new Map(
    wanted.map((column) => {
      const place = names.indexOf(column);
      const times = names.filter((name) => name === column).length;
      check(times === 1, 'INVALID_RECORDS', () => nameProblem(where, names, column, times), {
        column,
      });
      return [column, place];
    }),
  );
}

/** Without the other names: a list that has no line of names begins with a patient. */
function nameProblem(where: string, names: readonly string[], column: string, times: number) {
  const key = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');
  const alike = names.find((name) => name !== column && key(name) === key(column));
  const found = times > 0 ? `${times} columns are named` : 'no column is named';
  const near = times === 0 && alike !== undefined ? ` (but one '${alike}')` : '';
  return `${where}: ${found} '${column}'${near} among the ${names.length} of the first line; expected one; give the column the name that it has there, or add a first line of names.`;
}

function pick<Column extends string>(
  data: readonly string[],
  places: ReadonlyMap<Column, number>,
): Record<Column, string> {
  const fields = {} as Record<Column, string>;
  for (const [column, place] of places) fields[column] = data[place];
  return fields;
}
