import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chexpertFolder, muraFolder, nihFolder, rsnaFolder } from '../../src/node/data-sets.js';
import { recordSource } from '../../src/node/index.js';
import { chexpertObservations } from '../../src/records/chexpert.js';
import { refusal } from '../records/refusal.js';

const nih = 'examples/data/nih-cxr';
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'salad-ad-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Files of a folder, by path. */
async function write(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, folder, path)), { recursive: true });
    await writeFile(join(root, folder, path), content);
  }
  return join(root, folder);
}

describe('nihFolder', () => {
  it('finds the real films of the examples, and they can be read', async () => {
    const records = await nihFolder(nih);
    expect(records.filter(({ label }) => label === 0).length).toBe(260);
    expect(records.filter(({ label }) => label === 1).length).toBe(140);
    expect(new Set(records.map(({ patient }) => patient)).size).toBe(272);
    const source = recordSource(nih, records);
    expect(await source.read([0, 399])).toMatchObject({ shape: [128, 128, 1] });
  });

  const header =
    'Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position';
  const of = (patient: number) => `0000000${patient}_000.png,No Finding,0,${patient},60,F,PA`;

  it('finds images in numbered folders and takes the official lists', async () => {
    const folder = await write('numbered', {
      'Data_Entry_2017.csv': [header, of(1), of(2), of(3)].join('\n'),
      'train_val_list.txt': '00000001_000.png\n00000003_000.png\n',
      'test_list.txt': '00000002_000.png\n',
      'images_001/images/00000001_000.png': '',
      'images_002/00000002_000.png': '',
    });
    expect(await refusal(() => nihFolder(folder))).toMatch(
      /1 of the 3 images of the table are not in/,
    );
    const records = await nihFolder(folder, { absent: 'leave out' });
    expect(records.map(({ path, part }) => [path, part])).toEqual([
      ['images_001/images/00000001_000.png', 'train_val'],
      ['images_002/00000002_000.png', 'test'],
    ]);
  });

  it('names itself, the line and the column where the table is wrong', async () => {
    const folder = await write('wrong', {
      'Data_Entry_2017.csv': [header, of(1).replace(',1,', ',one,')].join('\n'),
    });
    expect(await refusal(() => nihFolder(folder))).toMatch(
      /^nihFolder: line 2, column 'Patient ID', is no whole number/,
    );
  });

  it('says which table it looked for', async () => {
    expect(await refusal(() => nihFolder(root))).toMatch(/has no Data_Entry_2017_v2020.csv or/);
  });
});

describe('the other folders', () => {
  it('of MURA', async () => {
    const study = (part: string) => `MURA-v1.1/${part}/XR_HAND/patient00001/study1_negative/`;
    const files = ['train', 'valid'].flatMap((part) => [
      [`MURA-v1.1/${part}_image_paths.csv`, `${study(part)}image1.png\n`],
      [`MURA-v1.1/${part}_labeled_studies.csv`, `${study(part)},0\n`],
    ]);
    const records = await muraFolder(await write('mura', Object.fromEntries(files)));
    expect(records.map(({ part, label }) => [part, label])).toEqual([
      ['train', 0],
      ['valid', 0],
    ]);
  });

  it('of CheXpert', async () => {
    const header = `Path,Sex,Age,Frontal/Lateral,AP/PA,${chexpertObservations.join(',')}`;
    const line = (part: string) =>
      `CheXpert-v1.0-small/${part}/patient1/study1/view1_frontal.jpg,Male,60,Frontal,AP,1.0${','.repeat(13)}`;
    const folder = await write('chexpert', {
      'CheXpert-v1.0-small/train.csv': `${header}\n${line('train')}\n`,
      'CheXpert-v1.0-small/valid.csv': `${header}\n${line('valid')}\n`,
    });
    const records = await chexpertFolder(folder);
    expect(records.map(({ part, label }) => [part, label])).toEqual([
      ['train', 0],
      ['valid', 0],
    ]);
  });

  it('of RSNA, with its mapping and without', async () => {
    const folder = await write('rsna', {
      'stage_2_train_labels.csv': 'patientId,x,y,width,height,Target\na,,,,,0\n',
      'stage_2_detailed_class_info.csv': 'patientId,class\na,Normal\n',
    });
    expect((await rsnaFolder(folder))[0].patient).toBeUndefined();
    await write('rsna', {
      'pneumonia-challenge-dataset-mappings_2018.json':
        '[{"subset_img_id": "a", "img_id": "00000017_003.png"}]',
    });
    expect((await rsnaFolder(folder))[0]).toMatchObject({ label: 0, patient: 'nih-17' });
  });
});
