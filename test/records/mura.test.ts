import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { muraBodyParts, muraRecords } from '../../src/records/mura.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { refusal } from './refusal.js';

/** The two lists of some studies, each of one image, as MURA writes them. */
function listsOf(part: 'train' | 'valid', studies: readonly string[]) {
  const folder = (study: string) => `MURA-v1.1/${part}/${study}/`;
  return {
    images: studies.map((study) => `${folder(study)}image1.png\n`).join(''),
    studies: studies
      .map((study) => `${folder(study)},${study.endsWith('positive') ? 1 : 0}\n`)
      .join(''),
  };
}

const train = listsOf('train', [
  'XR_SHOULDER/patient00001/study1_positive',
  'XR_SHOULDER/patient00007/study1_positive',
  'XR_SHOULDER/patient00007/study2_negative',
  'XR_HAND/patient00007/study1_negative',
]);
const valid = listsOf('valid', ['XR_WRIST/patient11185/study1_negative']);

describe('muraRecords', () => {
  it('pools both parts, each image with the label of its study', async () => {
    const records = await muraRecords({ train, valid });
    expect(records.map(({ label, part, bodyPart }) => [label, part, bodyPart])).toEqual([
      [1, 'train', 'SHOULDER'],
      [1, 'train', 'SHOULDER'],
      [0, 'train', 'SHOULDER'],
      [0, 'train', 'HAND'],
      [0, 'valid', 'WRIST'],
    ]);
    expect(records[2]).toEqual({
      path: 'MURA-v1.1/train/XR_SHOULDER/patient00007/study2_negative/image1.png',
      label: 0,
      patient: 'mura-patient00007',
      study: 'mura-patient00007/SHOULDER/study2',
      bodyPart: 'SHOULDER',
      part: 'train',
    });
  });

  it('knows the seven body parts, and leaves out others on request', async () => {
    const all = listsOf(
      'valid',
      muraBodyParts.map((part) => `XR_${part}/patient00001/study1_negative`),
    );
    expect((await muraRecords({ valid: all })).map(({ bodyPart }) => bodyPart)).toEqual([
      ...muraBodyParts,
    ]);
    const hands = await muraRecords({ train, valid }, { bodyParts: ['HAND', 'WRIST'] });
    expect(hands.map(({ bodyPart }) => bodyPart)).toEqual(['HAND', 'WRIST']);
  });

  it('makes keys when asked', async () => {
    const keys = patientKeys({ salt: 'a salt of the tests' });
    const [record] = await muraRecords({ valid }, { keys });
    expect(record.patient).toBe(await keys.of('mura-patient11185'));
  });

  const image = 'MURA-v1.1/train/XR_HAND/patient00001/study1_negative/image1.png';
  const study = 'MURA-v1.1/train/XR_HAND/patient00001/study1_negative/,0';
  it.each<[string, ReturnType<typeof listsOf>, RegExp]>([
    [
      'a path of another form',
      { images: `${image}\nhand.png`, studies: study },
      /images: line 2 is not a path of MURA/,
    ],
    [
      'another body part',
      { images: image.replace('HAND', 'KNEE'), studies: study },
      /line 1 is not a path/,
    ],
    [
      'an image twice',
      { images: `${image}\n${image}`, studies: study },
      /line 2 names an image again/,
    ],
    [
      'a study without a label',
      { images: image, studies: study.replace('study1', 'study2') },
      /line 1 is of a study without a label/,
    ],
    [
      'a label that the folder contradicts',
      { images: image, studies: study.replace(',0', ',1') },
      /^muraRecords: train\.studies: line 1 has a label/,
    ],
    [
      'a label that is none',
      { images: image, studies: study.replace(',0', ',no') },
      /^muraRecords: train\.studies: line 1 has a label/,
    ],
  ])('refuses %s', async (_, lists, message) => {
    expect(await refusal(() => muraRecords({ train: lists }))).toMatch(message);
  });

  it('takes 40,005 images of 11,967 patients for the whole', async () => {
    const study = (i: number) =>
      `XR_HAND/patient${String(i % 11_967).padStart(5, '0')}/study${i}_negative`;
    const all = listsOf(
      'train',
      Array.from({ length: 40_005 }, (_, i) => study(i)),
    );
    const wrists = { whole: true, bodyParts: ['WRIST'] } as const;
    expect(await muraRecords({ train: all }, wrists)).toEqual([]);
  });

  it('refuses a part as the whole', async () => {
    expect(await refusal(() => muraRecords({ train, valid }, { whole: true }))).toMatch(
      /5 images of 3 patients; expected 40005 of 11967/,
    );
  });
});

const folder = process.env.SALAD_AD_DATA;

describe.skipIf(!folder)('lines of MURA itself (SALAD_AD_DATA)', () => {
  it('are read', async () => {
    const file = (name: string) => readFileSync(`${folder}/mura-layout/train_${name}.sample.csv`);
    const records = await muraRecords({
      train: { images: file('image_paths'), studies: file('labeled_studies') },
    });
    expect(records.map(({ label }) => label)).toEqual([1, 1, 1, 0]);
  });
});
