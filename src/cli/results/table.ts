import Papa from 'papaparse';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, misused } from '../frame/failure.js';
import { columns, columnType, type Row } from './row.js';
import { writeWhole } from './write-whole.js';

/** How a table is written. */
export type Format = 'csv' | 'jsonl' | 'parquet';

const ENDINGS: Readonly<Record<string, Format>> = {
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
};

/** By the option, else by the ending of the file. @throws Failure for an ending that says nothing */
export function formatOf(format: string | undefined, path: string | undefined): Format {
  if (format) return format as Format;
  if (path === undefined) return 'csv';
  const found = ENDINGS[/\.([a-z]+)$/i.exec(path)?.[1].toLowerCase() ?? ''];
  if (!found)
    throw misused(
      `--out '${path}' has no ending that says how to write it; expected .csv, .jsonl or .parquet, or add --format`,
    );
  return found;
}

/** Rows as text, with or without the line of names. */
export function tableText(rows: readonly Row[], format: 'csv' | 'jsonl', header: boolean): string {
  if (format === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const values = rows.map((row) => columns.map((column) => row[column] ?? ''));
  return `${Papa.unparse(header ? [columns as readonly unknown[] as unknown[], ...values] : values, { newline: '\n', escapeFormulae: true })}\n`;
}

/** Writes a table beside its place and renames it into it. Of text, memory holds some rows at a time; of Parquet, all. */
export async function writeTable(
  path: string,
  format: Format,
  rows: AsyncIterable<Row> | Iterable<Row>,
): Promise<void> {
  await writeWhole(
    path,
    format === 'parquet' ? await parquetBytes(await allOf(rows)) : texts(rows, format),
  );
}

/** Rows whose text is made at a time. */
const ROWS = 256;

async function* texts(
  rows: AsyncIterable<Row> | Iterable<Row>,
  format: 'csv' | 'jsonl',
): AsyncGenerator<string> {
  let some: Row[] = [];
  let header = true;
  for await (const row of rows) {
    if (some.push(row) < ROWS) continue;
    yield tableText(some, format, header);
    [some, header] = [[], false];
  }
  if (some.length > 0 || header) yield tableText(some, format, header);
}

async function allOf(rows: AsyncIterable<Row> | Iterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** @throws Failure without the optional package */
export const parquetWriter = () => import('hyparquet-writer').catch(withoutParquet);

/** The end where a table of Parquet is asked for and its package is missing. */
export function withoutParquet(cause: unknown): never {
  throw new Failure(
    exitCodes.missing,
    'a Parquet file needs the optional packages hyparquet and hyparquet-writer; run `npm install hyparquet hyparquet-writer`, or name a .csv or .jsonl file',
    { cause },
  );
}

const PARQUET_TYPES = { text: 'STRING', truth: 'BOOLEAN', number: 'DOUBLE' } as const;

async function parquetBytes(rows: readonly Row[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await parquetWriter();
  const columnData = columns.map((name) => ({
    name,
    data: rows.map((row) => row[name] ?? null),
    type: PARQUET_TYPES[columnType(name)],
    nullable: name !== 'file',
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
