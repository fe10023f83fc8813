import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { unusable } from '../frame/failure.js';
import { columns, columnType } from './row.js';
import { withoutParquet } from './table.js';

/** A row by the names of the columns, where a cell that is empty is undefined; columns of scores have their types, all others of a text are texts. */
export type Cells = Readonly<Record<string, unknown>>;

/** The rows of a table of any format that `salad-ad score` writes. @param remedy where it cannot be read @throws Failure */
export async function readTable(path: string, remedy: string): Promise<Cells[]> {
  const bytes = await readFile(path).catch((cause) => {
    throw unusable(`the table '${path}' cannot be read (${cause.code}); ${remedy}`);
  });
  if (/\.parquet$/i.test(path)) return parquetRows(bytes);
  const text = bytes.toString('utf8');
  return /\.(jsonl|ndjson)$/i.test(path) ? linesOf(path, text, remedy) : textRows(text);
}

function textRows(text: string): Cells[] {
  const { data } = Papa.parse<Readonly<Record<string, string>>>(text, {
    header: true,
    skipEmptyLines: true,
  });
  return data.map((row) => mapped(row, (value, name) => typed(value, name)));
}

function typed(value: string, name: string): unknown {
  if (value === '') return undefined;
  const type = isOfScores(name) ? columnType(name) : 'text';
  if (type === 'number') return Number(value);
  return type === 'truth' ? /^true$/i.test(value) : value;
}

const isOfScores = (name: string): name is (typeof columns)[number] =>
  (columns as readonly string[]).includes(name);

function linesOf(path: string, text: string, remedy: string): Cells[] {
  try {
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch (cause) {
    throw unusable(
      `the table '${path}' has a line that is no JSON (${(cause as Error).message}); ${remedy}`,
    );
  }
}

async function parquetRows({ buffer, byteOffset, byteLength }: Uint8Array): Promise<Cells[]> {
  const { parquetReadObjects } = await import('hyparquet').catch(withoutParquet);
  const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file });
  return rows.map((row) =>
    mapped(row, (value) => (typeof value === 'bigint' ? Number(value) : (value ?? undefined))),
  );
}

const mapped = <Value>(
  row: Readonly<Record<string, Value>>,
  change: (value: Value, name: string) => unknown,
): Cells =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value, name)]));
