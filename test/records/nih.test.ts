import { readFileSync } from 'node:fs';
import { gzipSync, strToU8 } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../src/records/image-record.js';
import { nihFindings, nihRecords } from '../../src/records/nih.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { tangRecords } from '../../src/records/tang.js';
import { refusal } from './refusal.js';

const header =
  'Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]';
const table = `${header}
00000001_000.png,Cardiomegaly,0,1,57,M,PA,2682,2749,0.14300000000000002,0.14300000000000002
00000001_001.png,Cardiomegaly|Emphysema,1,1,58,M,AP,2894,2729,0.14300000000000002,0.14300000000000002
00000002_000.png,No Finding,0,2,80,F,PA,2500,2048,0.171,0.171
`;

describe('nihRecords', () => {
  it('reads the table of 2020', async () => {
    expect(await nihRecords(table)).toEqual([
      {
        path: 'images/00000001_000.png',
        label: 1,
        patient: 'nih-1',
        study: 'nih-1/0',
        findings: ['Cardiomegaly'],
        view: 'PA',
        age: 57,
        sex: 'M',
        originalSize: { height: 2749, width: 2682 },
      },
      {
        path: 'images/00000001_001.png',
        label: 1,
        patient: 'nih-1',
        study: 'nih-1/1',
        findings: ['Cardiomegaly', 'Emphysema'],
        view: 'AP',
        age: 58,
        sex: 'M',
        originalSize: { height: 2729, width: 2894 },
      },
      {
        path: 'images/00000002_000.png',
        label: 0,
        patient: 'nih-2',
        study: 'nih-2/0',
        findings: [],
        view: 'PA',
        age: 80,
        sex: 'F',
        originalSize: { height: 2048, width: 2500 },
      },
    ]);
  });

  it('reads a table without the sizes of the originals', async () => {
    const cells = (line: string) => line.split(',').slice(0, 7).join(',');
    const records = await nihRecords(table.split('\n').map(cells).join('\n'));
    expect(records).toHaveLength(3);
    for (const record of records) expect(record).not.toHaveProperty('originalSize');
  });

  it('reads the tables before: a comma at the ends, ages with units and beyond any lifetime', async () => {
    const old = `${header},
00000001_000.png,No Finding,0,1,058Y,M,PA,2682,2749,0.143,0.143,
00000002_000.png,No Finding,0,2,006M,M,PA,2682,2749,0.143,0.143,
00000003_000.png,No Finding,0,3,414,M,PA,2682,2749,0.143,0.143,
`;
    const records = await nihRecords(gzipSync(strToU8(old)));
    expect(records.map(({ age }) => age)).toEqual([58, 0.5, undefined]);
  });

  it('knows each of the 14 findings and no other', async () => {
    const of = (finding: string) => `${header}\n1_0.png,${finding},0,1,57,M,PA,1,1,.1,.1\n`;
    expect(nihFindings.length).toBe(14);
    for (const finding of nihFindings)
      expect((await nihRecords(of(finding)))[0]).toMatchObject({ label: 1, findings: [finding] });
    for (const wrong of ['No Finding|Mass', 'Scoliosis', ''])
      expect(await refusal(() => nihRecords(of(wrong)))).toMatch(/line 2, column 'Finding Labels'/);
  });

  it('leaves out other views, puts images where they are and takes the official lists', async () => {
    const records = await nihRecords(table, {
      views: ['PA'],
      pathOf: (name) => `images_001/${name}`,
      parts: {
        train_val: '00000002_000.png\r\n',
        test: '00000001_000.png\n00000001_001.png\n',
      },
    });
    expect(records.map(({ path, part }) => [path, part])).toEqual([
      ['images_001/00000001_000.png', 'test'],
      ['images_001/00000002_000.png', 'train_val'],
    ]);
  });

  it('makes keys when asked', async () => {
    const keys = patientKeys({ salt: 'a salt of the tests' });
    const [first] = await nihRecords(table, { keys });
    expect([first.patient, first.study]).toEqual([
      await keys.of('nih-1'),
      await keys.of('nih-1/0'),
    ]);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'a part as the whole',
      () => nihRecords(table, { whole: true }),
      /3 images of 2 patients; expected 112120 of 30805/,
    ],
    [
      'an image twice',
      () => nihRecords(table + table.split('\n')[1]),
      /line 5, column 'Image Index'/,
    ],
    [
      'a patient that is no number',
      () => nihRecords(table.replace(',0,2,', ',0,x,')),
      /line 4, column 'Patient ID'/,
    ],
    [
      'an age that is none',
      () => nihRecords(table.replace(',80,', ',old,')),
      /line 4, column 'Patient Age'/,
    ],
    [
      'a size that is none',
      () => nihRecords(table.replace(',2048,', ',tall,')),
      /line 4, column 'Height\]'/,
    ],
    [
      'a size of nothing',
      () => nihRecords(table.replace(',2500,2048,', ',0,2048,')),
      /line 4, column 'OriginalImage\[Width', is 0/,
    ],
    [
      'half a size',
      () => nihRecords(table.replace(',2500,2048,', ',,2048,')),
      /line 4, column 'OriginalImage\[Width'/,
    ],
    ['another CSV', () => nihRecords('a,b\n1,2'), /no column is named 'Image Index' among the 2/],
    [
      'an image in two lists',
      () => nihRecords(table, { parts: { a: '00000002_000.png', b: '00000002_000.png' } }),
      /in the lists 'a' and 'b'/,
    ],
    [
      'a list of another set',
      () => nihRecords(table, { parts: { a: '9_0.png' } }),
      /1 names of the lists are not in the table, the first is '9_0.png'/,
    ],
  ])('refuses %s', async (_, read, message) => {
    expect(await refusal(read)).toMatch(message);
  });
});

describe('tangRecords', () => {
  const lists = {
    normalTrain: '00000002_000.png',
    normalVal: '',
    abnormalVal: '00000001_000.png',
    normalTest: '00000001_001.png',
    abnormalTest: '',
  };

  it('takes the class of the lists, or of the table', async () => {
    const records = await nihRecords(table);
    const marked = { ...lists, normalTrain: `\uFEFF${lists.normalTrain}\r\n\r\n` };
    expect(tangRecords(records, marked)).toEqual(tangRecords(records, lists));
    const facts = (of: ImageRecord[]) =>
      of.map(({ part, label, findings }) => [part, label, findings?.length]);
    expect(facts(tangRecords(records, lists))).toEqual([
      ['train', 0, 0],
      ['val', 1, 1],
      ['test', 0, 2],
    ]);
    expect(facts(tangRecords(records, lists, { labels: 'table' }))[2]).toEqual(['test', 1, 2]);
  });

  it('refuses an image of two lists, and one that is not in the records', async () => {
    const records = await nihRecords(table);
    expect(
      await refusal(() => tangRecords(records, { ...lists, normalVal: lists.normalTrain })),
    ).toMatch(/'00000002_000.png' of the list normalVal is listed before/);
    expect(await refusal(() => tangRecords(records.slice(1), lists))).toMatch(/not in the table/);
  });
});

const folder = process.env.SALAD_AD_DATA;

describe.skipIf(!folder)('NIH ChestX-ray14 itself (SALAD_AD_DATA)', () => {
  const file = (name: string) => readFileSync(`${folder}/nih-cxr/${name}`);
  let records: ImageRecord[];
  let tang: ImageRecord[];

  beforeAll(async () => {
    records = await nihRecords(file('Data_Entry_2017_v2020.csv.gz'), { whole: true });
    const list = (name: string) => file(`tang-split/${name}.txt`);
    tang = tangRecords(records, {
      normalTrain: list('normal_train'),
      normalVal: list('normal_val'),
      abnormalVal: list('abnormal_val'),
      normalTest: list('normal_test'),
      abnormalTest: list('abnormal_test'),
    });
  });

  const count = (of: readonly ImageRecord[], facts: Partial<ImageRecord>) =>
    of.filter((record) =>
      Object.entries(facts).every(([fact, value]) => record[fact as keyof ImageRecord] === value),
    ).length;

  it('has its 112,120 images of 30,805 patients', () => {
    expect(count(records, { label: 0 })).toBe(60_361);
    expect([count(records, { view: 'PA' }), count(records, { view: 'AP' })]).toEqual([
      67_310, 44_810,
    ]);
    expect([count(records, { sex: 'M' }), count(records, { sex: 'F' })]).toEqual([63_340, 48_780]);
    expect(records.filter(({ findings }) => findings?.includes('Hernia')).length).toBe(227);
    expect(records.every(({ age }) => age !== undefined && age <= 95)).toBe(true);
  });

  it('has the lists of Tang et al. in it, no patient in two parts', () => {
    const size = (part: string, label: 0 | 1) => count(tang, { part, label });
    expect([
      size('train', 0),
      size('val', 0),
      size('val', 1),
      size('test', 0),
      size('test', 1),
    ]).toEqual([4261, 849, 857, 677, 667]);
    expect(size('train', 1)).toBe(0);
    const parts = new Map<string, Set<string>>();
    for (const { patient, part } of tang)
      parts.set(patient!, (parts.get(patient!) ?? new Set()).add(part!));
    expect([...parts.values()].every((of) => of.size === 1)).toBe(true);
  });

  it('gives normal and abnormal away by the view', () => {
    const share = (part: string, label: 0 | 1) =>
      Math.round((100 * count(tang, { part, label, view: 'AP' })) / count(tang, { part, label }));
    expect([share('train', 0), share('test', 0), share('test', 1)]).toEqual([10, 14, 58]);
  });

  it('has patients with both classes inside val and inside test', () => {
    const both = (part: string) => {
      const of = (label: 0 | 1) =>
        new Set(tang.filter((r) => r.part === part && r.label === label).map((r) => r.patient));
      const abnormal = of(1);
      return [...of(0)].filter((patient) => abnormal.has(patient)).length;
    };
    expect([both('train'), both('val'), both('test')]).toEqual([0, 58, 53]);
  });

  it('disagrees with the lists on 30 images', () => {
    const other = tang.filter(({ label, findings }) => label !== (findings!.length > 0 ? 1 : 0));
    const of = (part: string, label: 0 | 1) => count(other, { part, label });
    expect([of('val', 0), of('val', 1), of('test', 0), of('test', 1), other.length]).toEqual([
      9, 0, 19, 2, 30,
    ]);
  });
});
