import fc from 'fast-check';
import { gzipSync, strToU8 } from 'fflate';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type CsvOptions, csvRecords } from '../../src/records/csv.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { refusal } from './refusal.js';

const salt = 'a salt of the tests';
const columns = { path: 'file', label: 'abnormal', patient: 'patient', keys: false } as const;

const refused = (list: string | Uint8Array, options: CsvOptions = columns) =>
  refusal(() => csvRecords(list, options));

describe('csvRecords', () => {
  it('reads what the columns say', async () => {
    const list = [
      'file;name;class;who;exam;seen;view;part of body;side;years;sex;set',
      '.\\a\\1.png;first;Normal;P1;S1;No Finding;PA;CHEST;;058Y;female;train',
      'b/2.png;second;abnormal;P2;S2;Mass|Nodule;AP;HAND;left;6M;M;test',
      'b/3.png;third;;;;;;;;;O;',
    ].join('\n');
    const records = await csvRecords(list, {
      path: 'file',
      id: 'name',
      label: 'class',
      patient: 'who',
      study: 'exam',
      findings: 'seen',
      view: 'view',
      bodyPart: 'part of body',
      laterality: 'side',
      age: 'years',
      sex: 'sex',
      part: 'set',
      keys: false,
    });
    expect(records).toEqual([
      {
        path: 'a/1.png',
        id: 'first',
        label: 0,
        patient: 'P1',
        study: 'S1',
        findings: [],
        view: 'PA',
        bodyPart: 'CHEST',
        age: 58,
        sex: 'F',
        part: 'train',
      },
      {
        path: 'b/2.png',
        id: 'second',
        label: 1,
        patient: 'P2',
        study: 'S2',
        findings: ['Mass', 'Nodule'],
        view: 'AP',
        bodyPart: 'HAND',
        laterality: 'L',
        age: 0.5,
        sex: 'M',
        part: 'test',
      },
      { path: 'b/3.png', id: 'third' },
    ]);
  });

  it('reads back any fields that a CSV writer wrote, with any line ends, mark or packing', async () => {
    const field = fc.string({ unit: 'grapheme' });
    const path = field
      .filter((text) => /[^\s./\\]/.test(text) && !/[\\\r]/.test(text))
      .map((text) => text.trim().replace(/^(\.\/)+/, ''))
      .filter((text) => text !== '' && text.trim() === text && !text.startsWith('./'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({ path, note: field, label: fc.constantFrom<0 | 1>(0, 1), view: field }),
          { selector: (row) => row.path, minLength: 1, maxLength: 6 },
        ),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('', '\uFEFF'),
        fc.constantFrom('text', 'bytes', 'gzip'),
        async (rows, newline, delimiter, mark, packing) => {
          const text =
            mark + Papa.unparse(rows, { newline, delimiter, quotes: packing === 'bytes' });
          const list =
            packing === 'text'
              ? text
              : packing === 'bytes'
                ? strToU8(text)
                : gzipSync(strToU8(text));
          const records = await csvRecords(list, { path: 'path', label: 'label', view: 'view' });
          const ends = (value: string) => value.replace(/\r\n?/g, '\n').trim();
          expect(records).toEqual(
            rows.map((row) => ({
              path: row.path,
              label: row.label,
              ...(ends(row.view) && { view: ends(row.view) }),
            })),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes the label from a function of every field', async () => {
    const records = await csvRecords('file,grade,note\na,3,x\nb,0,y\nc,,z\n', {
      path: 'file',
      label: ({ grade }) => (grade === '' ? undefined : Number(grade) > 1 ? 1 : 0),
    });
    expect(records.map(({ label }) => label)).toEqual([1, 0, undefined]);
  });

  it('takes a column for two facts, and no column that no option names', async () => {
    const records = await csvRecords('file,case,secret\na.png,c1,x\n', {
      path: 'file',
      patient: 'case',
      study: 'case',
      keys: false,
    });
    expect(records).toEqual([{ path: 'a.png', patient: 'c1', study: 'c1' }]);
  });

  it('names the line of the file, quoted line ends and blank lines counted', async () => {
    const list = 'file,note,abnormal\n\n"a",one\nb,"two\nlines",1\nc,"",2\n';
    expect(await refused(list, { path: 'file', label: 'abnormal' })).toBe(
      'csvRecords: line 3 has 2 fields; expected 3; correct the list. [INVALID_RECORDS]',
    );
    expect(await refused(list.replace('one', 'one,0'), { path: 'file', label: 'abnormal' })).toBe(
      "csvRecords: line 6, column 'abnormal', is no label; expected 0 or 1, normal or abnormal, or blank; give a function for other words; correct the list. [INVALID_RECORDS]",
    );
  });

  it.each<[string, string, RegExp, Partial<CsvOptions>?]>([
    ['an empty list', '\n \n', /the list is empty/],
    [
      'a column that is missing',
      'name,abnormal,patient\na,0,1',
      /no column is named 'file' among the 3 of the first line/,
    ],
    [
      'a column of another spelling',
      'File,abnormal,patient\na,0,1',
      /no column is named 'file' \(but one 'File'\)/,
    ],
    ['a column twice', 'file,file,abnormal,patient\na,b,0,1', /2 columns are named 'file'/],
    [
      'a path twice',
      'file,abnormal,patient\na,0,1\n./a,0,2',
      /line 3, column 'file', has the path of line 2/,
    ],
    ['a blank path', 'file,abnormal,patient\n ,0,1', /line 2, column 'file', is blank/],
    ['a comma too many', 'file,abnormal,patient\na,0,1,2', /line 2 has 4 fields; expected 3/],
    ['a quote left open', 'file,abnormal,patient\n"a,0,1\nb,0,1', /line 2 is not a CSV line/],
    [
      'an age that is none',
      'file,abnormal,patient,age\na,0,1,old',
      /line 2, column 'age', is no age/,
      { age: 'age' },
    ],
    [
      'a function without a label',
      'file,abnormal,patient\na,0,1',
      /line 2 got no label of the function/,
      { label: () => 2 as 1 },
    ],
  ])('refuses %s', async (_, list, message, more = {}) => {
    expect(await refused(list, { ...columns, ...more })).toMatch(message);
  });

  it('refuses options that it does not know, and a path that is no column', async () => {
    await expect(csvRecords('a', { ...columns, pathh: 'a' } as CsvOptions)).rejects.toMatchObject({
      code: 'UNKNOWN_OPTION',
    });
    await expect(csvRecords('a', {} as CsvOptions)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });

  it('refuses a file cut short in its packing', async () => {
    const whole = gzipSync(strToU8('file,abnormal,patient\na,0,1'));
    expect(await refused(whole.subarray(0, whole.length - 12))).toMatch(/not text in UTF-8/);
  });

  it('refuses bytes that are no UTF-8', async () => {
    expect(await refused(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toMatch(/not text in UTF-8/);
  });

  it('never says what stands in the list', async () => {
    const list = 'file,abnormal,patient\nMILLER.png,MILLER,MILLER\nMILLER.png,0,MILLER';
    expect(await refused(list)).not.toContain('MILLER');
    expect(await refused(list.replace(',MILLER,', ',0,'))).not.toContain('MILLER');
    // Without a line of names the first line is a patient's.
    const named = await csvRecords('MILLER.png,0,MILLER', columns).catch((error) => error);
    expect(named.message).toContain("no column is named 'file'");
    expect(JSON.stringify([named.message, named.details])).not.toContain('MILLER');
  });

  it('holds up at 112,000 lines', async () => {
    const lines = Array.from(
      { length: 112_000 },
      (_, i) => `images/${i}.png,${i % 2},${i % 30_000}`,
    );
    const records = await csvRecords(`file,abnormal,patient\n${lines.join('\n')}`, columns);
    expect(records.length).toBe(112_000);
    expect(records[111_999]).toEqual({ path: 'images/111999.png', label: 1, patient: '21999' });
  });
});

describe('patients of csvRecords', () => {
  const list = 'file,patient,exam\n0017/a_17.png,17,17-1\n217.png,17,17-2\nb.png,18,\n';
  const facts = { path: 'file', patient: 'patient', study: 'exam' };

  it('are keys of the salt that was given', async () => {
    const keys = patientKeys({ salt });
    const records = await csvRecords(list, { ...facts, keys: patientKeys({ salt }) });
    expect(records.map(({ patient }) => patient)).toEqual([
      await keys.of('17'),
      await keys.of('17'),
      await keys.of('18'),
    ]);
    expect(records[0].study).toBe(await keys.of('17-1'));
    expect(records[2].study).toBeUndefined();
  });

  it('are keys of a salt nobody knows where none was given', async () => {
    const [one, other] = [await csvRecords(list, facts), await csvRecords(list, facts)];
    expect(one[0].patient).toMatch(/^[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(one[0].patient).toBe(one[1].patient);
    expect(one[0].patient).not.toBe(other[0].patient);
  });

  it('do not stand in the ids made of paths', async () => {
    const records = await csvRecords(list, facts);
    const key = records[0].patient;
    expect(records.map(({ id }) => id)).toEqual([`${key}/a_${key}.png`, undefined, undefined]);
    const letters = await csvRecords('file,patient\nx/p+(A).png,P+(a)', {
      path: 'file',
      patient: 'patient',
    });
    expect(letters[0].id).toBe(`x/${letters[0].patient}.png`);
  });

  it('do not stand there with other signs or letters made of parts, nor do studies', async () => {
    const paths = ['doe_john/1.2.840.7.dcm', 'DOE JOHN-2.png', 'xDOEJOHNx.png', 'other.png'];
    const lines = paths.map((path) => `${path},DOE^JOHN,1.2.840.7`).join('\n');
    const records = await csvRecords(`file,patient,exam\n${lines}`, facts);
    const { patient, study } = records[0];
    expect(records.map(({ id }) => id)).toEqual([
      `${patient}/${study}.dcm`,
      `${patient}-2.png`,
      `x${patient}x.png`,
      undefined,
    ]);
    const composed = await csvRecords('file,patient\nJu\u0308rgen.png,J\u00fcrgen', {
      path: 'file',
      patient: 'patient',
    });
    expect(composed[0].id).toBe(`${composed[0].patient}.png`);
  });
});
