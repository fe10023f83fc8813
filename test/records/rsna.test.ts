import { describe, expect, it } from 'vitest';
import { nihRecords } from '../../src/records/nih.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { rsnaRecords } from '../../src/records/rsna.js';
import { refusal } from './refusal.js';

const [a, b, c] = [
  '0004cfab-14fd-4e49-80ba-63a80b6bddd6',
  '00313ee0-9eaa-42f4-b0ab-c148ed3241cd',
  '00436515-870c-4b36-a041-de91049b9ab4',
];
const lists = {
  labels: `patientId,x,y,width,height,Target
${a},,,,,0
${b},,,,,0
${c},264.0,152.0,213.0,379.0,1
${c},562.0,152.0,256.0,453.0,1
`,
  classes: `patientId,class
${a},No Lung Opacity / Not Normal
${b},Normal
${c},Lung Opacity
${c},Lung Opacity
`,
};
const mapping = JSON.stringify(
  [a, b, c].map((id, i) => ({ subset_img_id: id, img_id: `0000001${i >> 1}_00${i}.png` })),
);

describe('rsnaRecords', () => {
  it('makes one record of an image, with all its boxes', async () => {
    expect(await rsnaRecords(lists)).toEqual([
      {
        path: `stage_2_train_images/${a}.dcm`,
        label: 1,
        findings: ['No Lung Opacity / Not Normal'],
        boxes: [],
      },
      { path: `stage_2_train_images/${b}.dcm`, label: 0, findings: [], boxes: [] },
      {
        path: `stage_2_train_images/${c}.dcm`,
        label: 1,
        findings: ['Lung Opacity'],
        boxes: [
          { x: 264, y: 152, width: 213, height: 379 },
          { x: 562, y: 152, width: 256, height: 453 },
        ],
      },
    ]);
  });

  it('leaves what is not normal without a label on request', async () => {
    const records = await rsnaRecords(lists, { notNormal: 'unlabelled' });
    expect(records.map(({ label }) => label)).toEqual([undefined, 0, 1]);
  });

  it('knows patients by the mapping alone, and by the names that NIH has for them', async () => {
    expect((await rsnaRecords(lists)).map(({ patient }) => patient)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const records = await rsnaRecords({ ...lists, mapping });
    expect(records.map(({ patient }) => patient)).toEqual(['nih-10', 'nih-10', 'nih-11']);
    const header =
      'Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position';
    const keys = patientKeys({ salt: 'a salt of the tests' });
    const [nih] = await nihRecords(`${header}\n00000010_000.png,Mass,0,10,57,M,PA`, { keys });
    const [rsna] = await rsnaRecords({ ...lists, mapping }, { keys });
    expect(rsna.patient).toBe(nih.patient);
  });

  it.each<[string, Partial<typeof lists & { mapping: string }>, RegExp]>([
    [
      'a target of 0 beside a box',
      { labels: `${lists.labels}${c},,,,,0` },
      /line 6, column 'Target'/,
    ],
    ['a box without sides', { labels: `${lists.labels}${c},1,2,,,1` }, /line 6 has no box/],
    [
      'a class that is none',
      { classes: `${lists.classes}${a},Pneumonia` },
      /line 6, column 'class'/,
    ],
    [
      'two classes of an image',
      { classes: `${lists.classes}${a},Normal` },
      /line 6, column 'class'/,
    ],
    [
      'an image without a class',
      { labels: `${lists.labels}d,,,,,0` },
      /the labels have 4 images and the classes 3/,
    ],
    [
      'a normal image with a box',
      { labels: `${lists.labels}`.replace(`${b},,,,,0`, `${b},1,1,2,2,1`) },
      /an image has 1 boxes and the class 'Normal'/,
    ],
    [
      'an opacity without a box',
      { classes: `${lists.classes}`.replace(`${b},Normal`, `${b},Lung Opacity`) },
      /an image has 0 boxes and the class 'Lung Opacity'/,
    ],
    [
      'a mapping that lacks an image',
      { mapping: '[]' },
      /an image of the labels is not in the mapping/,
    ],
    ['a mapping that is none', { mapping: '{"a": 1}' }, /the mapping is not the JSON list/],
  ])('refuses %s', async (_, more, message) => {
    expect(await refusal(() => rsnaRecords({ ...lists, ...more }))).toMatch(message);
  });

  it('takes 26,684 images for the whole', async () => {
    const ids = Array.from({ length: 26_684 }, (_, i) => `id${i}`);
    const whole = {
      labels: `patientId,x,y,width,height,Target\n${ids.map((id) => `${id},,,,,0`).join('\n')}`,
      classes: `patientId,class\n${ids.map((id) => `${id},Normal`).join('\n')}`,
    };
    expect((await rsnaRecords(whole, { whole: true })).length).toBe(26_684);
  });

  it('refuses a part as the whole', async () => {
    expect(await refusal(() => rsnaRecords(lists, { whole: true }))).toMatch(/expected 26684/);
  });
});
