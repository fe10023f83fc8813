import { describe, expect, it } from 'vitest';
import {
  type ChexpertOptions,
  chexpertObservations,
  chexpertRecords,
} from '../../src/records/chexpert.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { refusal } from './refusal.js';

const header = `Path,Sex,Age,Frontal/Lateral,AP/PA,${chexpertObservations.join(',')}`;
type Seen = Partial<Record<(typeof chexpertObservations)[number], string>>;

/** A line as CheXpert writes it. */
const line = (path: string, seen: Seen, facts = 'Female,68,Frontal,AP') =>
  `CheXpert-v1.0-small/train/${path},${facts},${chexpertObservations.map((name) => seen[name] ?? '').join(',')}`;

const view1 = 'patient00001/study1/view1_frontal.jpg';
const list = [
  header,
  line(view1, { 'No Finding': '1.0', Pneumothorax: '0.0', 'Support Devices': '1.0' }),
  line(
    'patient00002/study2/view1_frontal.jpg',
    { Edema: '-1.0', 'Lung Opacity': '1.0' },
    'Male,87,Frontal,PA',
  ),
  line(
    'patient00002/study1/view2_lateral.jpg',
    { Edema: '-1.0', Pneumonia: '0.0' },
    'Unknown,0,Lateral,',
  ),
  line('patient00003/study1/view1_frontal.jpg', { 'Support Devices': '1.0' }),
].join('\n');

const labels = async (options?: ChexpertOptions) =>
  (await chexpertRecords(list, options)).map(({ label }) => label);

describe('chexpertRecords', () => {
  it('reads a list', async () => {
    expect(await chexpertRecords(list)).toEqual([
      {
        path: `CheXpert-v1.0-small/train/${view1}`,
        label: 0,
        patient: 'chexpert-patient00001',
        study: 'chexpert-patient00001/study1',
        findings: ['Support Devices'],
        view: 'AP',
        age: 68,
        sex: 'F',
        part: 'train',
      },
      {
        path: 'CheXpert-v1.0-small/train/patient00002/study2/view1_frontal.jpg',
        label: 1,
        patient: 'chexpert-patient00002',
        study: 'chexpert-patient00002/study2',
        findings: ['Lung Opacity'],
        view: 'PA',
        age: 87,
        sex: 'M',
        part: 'train',
      },
      {
        path: 'CheXpert-v1.0-small/train/patient00002/study1/view2_lateral.jpg',
        patient: 'chexpert-patient00002',
        study: 'chexpert-patient00002/study1',
        findings: [],
        view: 'LATERAL',
        age: 0,
        part: 'train',
      },
      {
        path: 'CheXpert-v1.0-small/train/patient00003/study1/view1_frontal.jpg',
        patient: 'chexpert-patient00003',
        study: 'chexpert-patient00003/study1',
        findings: ['Support Devices'],
        view: 'AP',
        age: 68,
        sex: 'F',
        part: 'train',
      },
    ]);
  });

  it('labels uncertain images as the option says, and no others', async () => {
    expect(await labels()).toEqual([0, 1, undefined, undefined]);
    expect(await labels({ uncertain: 'abnormal' })).toEqual([0, 1, 1, undefined]);
    expect(await labels({ uncertain: 'normal' })).toEqual([0, 1, 0, undefined]);
  });

  it('takes every observation but two for a disease', async () => {
    for (const name of chexpertObservations) {
      const [record] = await chexpertRecords(`${header}\n${line(view1, { [name]: '1.0' })}`);
      const others: Record<string, 0 | undefined> = {
        'No Finding': 0,
        'Support Devices': undefined,
      };
      expect(record.label).toBe(name in others ? others[name] : 1);
    }
  });

  it.each(['unlabelled', 'abnormal', 'normal'] as const)(
    'gives no label to no finding beside a disease, and says both, with uncertain: %s',
    async (uncertain) => {
      const both = line(view1, { 'No Finding': '1.0', Edema: '1.0', Fracture: '-1.0' });
      const records = await chexpertRecords(`${header}\n${both}`, { uncertain });
      expect(records).toMatchObject([{ findings: ['No Finding', 'Edema'] }]);
      expect(records[0].label).toBeUndefined();
    },
  );

  it('leaves out other views and makes keys when asked', async () => {
    const keys = patientKeys({ salt: 'a salt of the tests' });
    const records = await chexpertRecords(list, { views: ['PA'], keys });
    expect(records.map(({ patient }) => patient)).toEqual([await keys.of('chexpert-patient00002')]);
  });

  it.each<[string, string, RegExp]>([
    [
      'a path of another form',
      list.replace(view1, 'a.jpg'),
      /line 2, column 'Path', is not a path/,
    ],
    [
      'an image twice',
      `${list}\n${line(view1, {})}`,
      /line 6, column 'Path', names an image again/,
    ],
    [
      'an observation that is none',
      list.replace(',-1.0,', ',2,'),
      /line 3, column 'Edema', is not 1, 0, -1/,
    ],
    ['an age that is none', list.replace(',68,', ',x,'), /line 2, column 'Age'/],
    ['another CSV', 'Path,Sex\na,b', /no column is named 'Age'/],
  ])('refuses %s', async (_, text, message) => {
    expect(await refusal(() => chexpertRecords(text))).toMatch(message);
  });
});
