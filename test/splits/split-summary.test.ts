import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ImageRecord,
  type InspectedImages,
  nihRecords,
  splitSummary,
  summaryText,
  tangRecords,
} from '../../src/data/index.js';
import { areaUnderRoc } from '../../src/metrics/index.js';

const films: readonly ImageRecord[] = [
  { path: 'a', label: 0, patient: '1', study: 's', view: 'PA', sex: 'F', age: 20, findings: [] },
  { path: 'b', label: 0, patient: '1', study: 't', view: 'PA', sex: 'F', age: 30, findings: [] },
  { path: 'c', label: 0, patient: '2', study: 's', view: 'AP', sex: 'F', age: 40, findings: [] },
  {
    path: 'd',
    label: 1,
    patient: '3',
    study: 's',
    view: 'AP',
    sex: 'F',
    findings: ['Mass', 'Edema'],
  },
  {
    path: 'e',
    label: 1,
    patient: '3',
    study: 's',
    view: 'AP',
    sex: 'F',
    age: 10,
    findings: ['Mass'],
  },
  {
    path: 'f',
    label: 1,
    patient: '4',
    study: 's',
    view: 'PA',
    sex: 'F',
    age: 20,
    findings: ['Mass'],
  },
  { path: 'g', patient: '4', study: 's' },
];
const inspected: InspectedImages = new Map(
  films.map(({ path }, i) => [
    path,
    path === 'g'
      ? undefined
      : { content: '', appearance: '', height: 2, width: 4, brightness: i / 10 },
  ]),
);

describe('splitSummary', () => {
  const [part] = splitSummary({ test: films }, { inspected });

  it('counts images, patients and studies, a study being one of its patient', () => {
    expect(part).toMatchObject({ part: 'test', images: 7, patients: 4, studies: 5 });
    expect(part.classes).toEqual({
      normal: { images: 3, patients: 2, studies: 3 },
      abnormal: { images: 3, patients: 2, studies: 2 },
      unlabelled: { images: 1, patients: 1, studies: 1 },
    });
    expect(splitSummary({ empty: [] })[0]).toMatchObject({
      images: 0,
      findings: [],
      shortcuts: [],
    });
    expect(splitSummary({ plain: [{ path: 'a' }] })[0]).not.toHaveProperty('patients');
  });

  it('counts an image for each of its findings, most common first', () => {
    expect(part.findings).toEqual([
      { value: 'Mass', images: { normal: 0, abnormal: 3, unlabelled: 0 } },
      { value: 'Edema', images: { normal: 0, abnormal: 1, unlabelled: 0 } },
    ]);
    expect(part.views).toEqual([
      { value: 'AP', images: { normal: 1, abnormal: 2, unlabelled: 0 } },
      { value: 'PA', images: { normal: 2, abnormal: 1, unlabelled: 0 } },
    ]);
  });

  it('has the order statistics of numbers', () => {
    expect(part.ages.normal).toEqual({
      images: 3,
      minimum: 20,
      lowerQuartile: 25,
      median: 30,
      upperQuartile: 35,
      maximum: 40,
    });
    expect(part.ages.abnormal?.images).toBe(2);
    expect(part.ages.unlabelled).toBeUndefined();
    expect(part.imageSizes.normal?.median).toBe(8);
    expect(part.brightness.abnormal?.median).toBeCloseTo(0.4);
  });

  it('gives each attribute the area that it reaches alone, the clearest first', () => {
    const areas = part.shortcuts.map(({ attribute, area, images, abnormal }) => [
      attribute,
      area.estimate.toFixed(4),
      images,
      abnormal,
    ]);
    expect(areas).toEqual([
      ['brightness', '1.0000', 6, 'higher'],
      // Ages 10, 20 against 20, 30, 40, lower first: 5.5 of 6 pairs.
      ['age', (5.5 / 6).toFixed(4), 5, 'lower'],
      // Of 9 pairs 4 are AP against PA, 1 is the other way round, 4 are ties.
      ['view', (6 / 9).toFixed(4), 6, 'AP'],
    ]);
  });

  it('weighs what images measured before all were brought to one size, inspected or not', () => {
    const sized = films.map((film, i) => ({ ...film, originalSize: { height: 10 + i, width: 2 } }));
    const [{ shortcuts }] = splitSummary({ test: sized });
    // The first three are normal, the next three abnormal.
    expect(shortcuts[0]).toMatchObject({
      attribute: 'originalSize',
      images: 6,
      abnormal: 'higher',
    });
    expect(shortcuts[0].area.estimate).toBe(1);
  });

  it('says all of it in words', () => {
    const text = summaryText(
      splitSummary({ train: films.slice(0, 3), test: films }, { inspected }),
    );
    expect(text.split('\n').slice(0, 3)).toEqual([
      'part   images  patients  studies  normal  abnormal  unlabelled',
      'train       3         2        3       3         0           0',
      'test        7         4        5       3         3           1',
    ]);
    expect(text).toMatch(/test {2}view +0\.667 .* AP +6/);
    expect(text).toContain('findings             abnormal    Mass 3 (100 %), Edema 1 (33 %)');
    expect(text).toContain(
      'age (years)          normal      median 30, quartiles 25 and 35, from 20 to 40',
    );
  });
});

// NIH's whole table and the lists of Tang et al., which are not in the repository.
const data = process.env.SALAD_AD_DATA;

it.skipIf(!data)(
  'on the films of Tang et al. (SALAD_AD_DATA), the view alone reaches .72',
  async () => {
    const file = (name: string) => readFileSync(join(data as string, 'nih-cxr', name));
    const list = (name: string) => file(`tang-split/${name}.txt`);
    const records = tangRecords(await nihRecords(file('Data_Entry_2017_v2020.csv.gz')), {
      normalTrain: list('normal_train'),
      normalVal: list('normal_val'),
      abnormalVal: list('abnormal_val'),
      normalTest: list('normal_test'),
      abnormalTest: list('abnormal_test'),
    });
    const test = records.filter(({ part }) => part === 'test');
    const [{ shortcuts, classes }] = splitSummary({ test });
    expect([classes.normal.images, classes.abnormal.images]).toEqual([677, 667]);
    const naive = areaUnderRoc(
      test.map(({ view }) => Number(view === 'AP')),
      test.map(({ label = 0 }) => label),
    );
    expect(shortcuts[0]).toMatchObject({ attribute: 'view', abnormal: 'AP' });
    expect(shortcuts[0].area.estimate).toBeCloseTo(naive, 12);
    expect(naive).toBeCloseTo(0.721, 3);
  },
);
