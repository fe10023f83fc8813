import { unusable } from '../frame/failure.js';
import { type Cells, readTable } from './read-table.js';
import type { Row } from './row.js';

/** A row of scores, with whatever other columns its table has. */
export type ReadRow = Row & Cells;

/** A table that `salad-ad score` wrote. @throws Failure for something else */
export async function readScores(path: string): Promise<ReadRow[]> {
  const remedy = `write one with \`salad-ad score FILES --model FOLDER --out ${path}\``;
  const rows = (await readTable(path, remedy)).map(
    (row) => ({ ...row, file: row.file ?? '' }) as ReadRow,
  );
  if (
    rows.length === 0 ||
    rows.every(({ file, score, problem }) => !file || (score ?? problem) === undefined)
  )
    throw unusable(
      `'${path}' is no table of scores; expected one that \`salad-ad score --out\` wrote, with the columns file and score`,
    );
  return rows;
}
