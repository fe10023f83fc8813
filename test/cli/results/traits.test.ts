import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filmTable } from '../../../src/cli/results/film-table.js';
import type { ReadRow } from '../../../src/cli/results/read-scores.js';
import { traitKinds, traitsOf } from '../../../src/cli/results/traits.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-traits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const path = 'scores.csv';

describe('traitsOf', () => {
  it('takes columns of the table of scores, and words as words', async () => {
    const rows = [
      { file: 'a.png', view: 'AP', scanner: '7', brightness: '.5' },
      { file: 'b.png', view: undefined, scanner: 12, brightness: undefined },
    ] as ReadRow[];
    const kinds = traitKinds({ numbers: ' brightness', categories: 'view,scanner' });
    expect(kinds).toEqual({ brightness: 'number', view: 'category', scanner: 'category' });
    expect(await traitsOf(kinds, { path, rows })).toEqual([
      { brightness: 0.5, view: 'AP', scanner: '7' },
      { brightness: undefined, view: undefined, scanner: '12' },
    ]);
  });

  it('takes the others of a table about the films, which are found by their paths', async () => {
    const inspected = new Map([
      [
        'sub/a.png',
        { content: '', appearance: '', height: 3, width: 40, brightness: 0.25, sharpness: 1 },
      ],
    ]);
    const records = [
      { path: 'sub/a.png', view: 'PA', patient: 'MILLER', label: 0 as const },
      { path: 'sub/b.png', age: 50 },
    ];
    const about = file('known.csv', filmTable('films', records, inspected));
    const rows = [
      { file: '/mnt/films/sub/a.png', view: 'AP' },
      { file: 'films/sub/b.png' },
      { file: 'films/sub/c.png' },
    ] as ReadRow[];
    const kinds = traitKinds({ numbers: 'brightness,width', categories: 'view' });
    expect(await traitsOf(kinds, { path, rows }, about)).toEqual([
      { brightness: 0.25, width: 40, view: 'AP' },
      {},
      {},
    ]);
    expect(filmTable('films', records, inspected)).toBe(
      'file,label,view,bodyPart,laterality,age,sex,part,height,width,brightness,sharpness,localContrast,fineTexture\n' +
        'films/sub/a.png,0,PA,,,,,,3,40,0.25,1,,\n' +
        'films/sub/b.png,,,,,50,,,,,,,,\n',
    );
    expect(filmTable('films', records.slice(1))).toBe(
      'file,label,view,bodyPart,laterality,age,sex,part\nfilms/sub/b.png,,,,,50,,\n',
    );
  });

  it('needs no other table for what the table of scores has', async () => {
    const rows = [{ file: 'a.png', view: 'AP' }] as ReadRow[];
    const kinds = traitKinds({ categories: 'view' });
    expect(await traitsOf(kinds, { path, rows }, join(folder, 'none.csv'))).toEqual([
      { view: 'AP' },
    ]);
  });

  it('refuses what it cannot watch, by name', async () => {
    const rows = [{ file: 'a.png', view: 'AP' }] as ReadRow[];
    const refusal = (numbers: string, about?: string) =>
      traitsOf(traitKinds({ numbers }), { path, rows }, about).catch(({ message }) => message);
    expect(await refusal('width')).toContain("'scores.csv' has no column 'width'");
    expect(await refusal('view')).toMatch(/^the column 'view' holds something that is no number/);
    const other = file('other.csv', 'path,width\nb.png,7\n');
    const apart = await refusal('width', other);
    expect(apart).toMatch(/^none of the films of 'scores.csv' is in .* by its column path;/);
    // A message may come into a log, and names may be those of patients.
    expect(apart).not.toContain('.png');
    const known = file('some.csv', 'path,view\na.png,7\n');
    expect(await refusal('width', known)).toContain(`nor '${known}' has a column 'width'`);
    expect(await refusal('width', file('nameless.csv', 'width\n7\n'))).toContain(
      'has no column file or path',
    );
    expect(() => traitKinds({ numbers: 'width', categories: 'view,width' })).toThrow('named twice');
    for (const categories of [
      ...['file', 'Path', 'id', 'patient', 'PatientID', 'patient_id', 'StudyInstanceUID'],
      ...['seriesUid', 'SOPInstanceUID', 'accession', 'fileHash', 'fileName'],
    ])
      expect(() => traitKinds({ categories })).toThrow('cannot be watched');
    const watched = { numbers: 'width,brightness', categories: 'view,scanner,side,valid' };
    expect(Object.keys(traitKinds(watched))).toHaveLength(6);
  });
});
