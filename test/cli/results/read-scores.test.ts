import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readScores } from '../../../src/cli/results/read-scores.js';
import type { Row } from '../../../src/cli/results/row.js';
import { formatOf, writeTable } from '../../../src/cli/results/table.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-scores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const rows: Row[] = [
  {
    file: 'films/a, "b".png',
    score: 1 / 3,
    abnormal: true,
    pValue: 0.05,
    pValueGroup: 'AP',
    selected: false,
    normalized: 0.9,
    relative: 0.1,
    angular: 0.2,
    cells: 0.3,
    threshold: 0.3,
    nearestRow: 7,
    nearestAngleDegrees: 12.5,
  },
  { file: 'films/c.png', score: 0, abnormal: false, pValue: 1, threshold: 0.3 },
  { file: 'films/d.png', problem: 'IMAGE_TRUNCATED: it ends; try again.' },
];

describe('readScores', () => {
  it.each(['scores.csv', 'scores.jsonl', 'scores.parquet'])(
    'gives every column of %s back, with its type',
    async (name) => {
      await writeTable(at(name), formatOf(undefined, name), rows);
      expect(await readScores(at(name))).toEqual(rows);
    },
  );

  it('gives other columns too, and no row without a file', async () => {
    writeFileSync(at('more.csv'), 'file;view;score;abnormal\na.png;AP;2;TRUE\n;PA;3;\n');
    expect(await readScores(at('more.csv'))).toEqual([
      { file: 'a.png', view: 'AP', score: 2, abnormal: true },
      { file: '', view: 'PA', score: 3 },
    ]);
  });

  it('refuses what is no table of scores', async () => {
    writeFileSync(at('list.csv'), 'file,label\na.png,0\n');
    await expect(readScores(at('list.csv'))).rejects.toThrow('is no table of scores');
    writeFileSync(at('broken.jsonl'), '{"file":"a.png","score":1}\n{"file"');
    await expect(readScores(at('broken.jsonl'))).rejects.toThrow('a line that is no JSON');
    await expect(readScores(at('none.csv'))).rejects.toThrow('cannot be read (ENOENT)');
  });
});
