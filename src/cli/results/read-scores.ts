import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { unusable } from '../frame/failure.js';
import type { Row } from './row.js';
import { withoutParquet } from './table.js';

/** A table that `salad-ad score` wrote. @throws Failure for something else */
export async function readScores(path: string): Promise<Row[]> {
  const rows = await (/\.parquet$/i.test(path) ? parquetRows(path) : textRows(path));
  if (
    rows.length === 0 ||
    rows.every(({ file, score, problem }) => !file || (score ?? problem) === undefined)
  )
    throw unusable(
      `'${path}' is no table of scores; expected one that \`salad-ad score --out\` wrote, with the columns file and score`,
    );
  return rows;
}

async function textRows(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw unusable(
      `the table '${path}' cannot be read (${cause.code}); write one with \`salad-ad score FILES --model FOLDER --out ${path}\``,
    );
  });
  if (/\.(jsonl|ndjson)$/i.test(path)) return linesOf(path, text);
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  return data.map((row) => ({
    file: row.file,
    ...(row.score && { score: Number(row.score) }),
    ...(row.abnormal && { abnormal: row.abnormal === 'true' }),
    ...(row.threshold && { threshold: Number(row.threshold) }),
    ...(row.problem && { problem: row.problem }),
  }));
}

function linesOf(path: string, text: string): Row[] {
  try {
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch (cause) {
    throw unusable(
      `the table '${path}' has a line that is no JSON (${(cause as Error).message}); write it again with \`salad-ad score\``,
    );
  }
}

async function parquetRows(path: string): Promise<Row[]> {
  const { parquetReadObjects } = await import('hyparquet').catch(withoutParquet);
  const { buffer, byteOffset, byteLength } = await readFile(path);
  const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file });
  return rows.map((row) => {
    const known = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
    return Object.fromEntries(known) as unknown as Row;
  });
}
