import { describe, expect, it } from 'vitest';
import type { FolderOptions } from '../../src/data/folder-options.js';
import { isHidden, recordsOfPaths } from '../../src/data/folder-records.js';

const understood = (paths: readonly string[], options: FolderOptions = {}) =>
  recordsOfPaths('folderSource', paths, options);

/** Paths with their labels: 'test/good/a.png 0'. */
const labelsOf = (paths: readonly string[], options?: FolderOptions) =>
  understood(paths, options).records.map(({ path, label = '-' }) => `${path} ${label}`);

/** Images whose folders are written with their labels: 'NORMAL 0'. */
function images(folders: readonly string[], each = 2) {
  const named = folders.map((text) => [text.slice(0, -2), text.slice(-1)]);
  return named
    .flatMap(([folder, label]) =>
      Array.from({ length: each }, (_, i) => [`${folder}/${i}.png`, label] as const),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const codes = (paths: readonly string[], options: FolderOptions = {}) =>
  understood(paths, options).summary.warnings.map(({ code }) => code);

describe('labels by the names of folders', () => {
  it.each([
    ['as named before', ['normal 0', 'abnormal 1']],
    ['capitals', ['NORMAL 0', 'PNEUMONIA 1']],
    ['one capital', ['Normal 0', 'Abnormal 1']],
    ['a disease beside normal', ['covid 1', 'normal 0']],
    [
      'parts above, chest X-ray of Kermany et al.',
      [
        ...['chest_xray/train/NORMAL 0', 'chest_xray/train/PNEUMONIA 1'],
        ...['chest_xray/val/NORMAL 0', 'chest_xray/test/PNEUMONIA 1'],
      ],
    ],
    [
      'industrial, as MVTec AD',
      [...['train/good 0', 'test/good 0', 'test/broken_large 1', 'test/contamination 1']],
    ],
    ['no normal image in the test part', ['train/good 0', 'test/broken 1']],
    ['parts below', ['normal/train 0', 'normal/test 0', 'abnormal/test 1']],
    [
      'kinds of defects of MVTec AD',
      ['train/good 0', 'test/good 0', 'test/combined 1', 'test/fold 1', 'test/broken_small 1'],
    ],
    ['part and class in one name', ['train_normal 0', 'test_normal 0', 'test_abnormal 1']],
    [
      'the COVID-19 radiography set',
      [
        ...[
          'COVID/images 1',
          'Normal/images 0',
          'Viral Pneumonia/images 1',
          'Lung_Opacity/images 1',
        ],
      ],
    ],
    ['findings as NIH spells them', ['No Finding 0', 'Atelectasis 1', 'Pleural_Thickening 1']],
    ['no finding, otherwise spelt', ['no_finding 0', 'nodule 1']],
    ['no finding, in one word', ['NoFinding 0', 'Mass 1']],
    [
      'studies as MURA names them',
      [
        ...[
          'train/XR_HAND/patient00001/study1_positive 1',
          'valid/XR_HAND/patient00002/study1_negative 0',
        ],
      ],
    ],
    ['with words that change nothing', ['Normal cases 0', 'Abnormal-images 1']],
    ['numbered', ['normal-1 0', 'normal-2 0', 'abnormal-1 1']],
    ['negative and positive', ['Negative 0', 'Positive 1']],
    ['a test as a name', ['covid_negative 0', 'covid_positive 1']],
    ['healthy and an unknown name', ['healthy 0', 'osteoporosis 1']],
    ['several unknown names', ['Normal 0', 'Osteopenia 1', 'Osteoporosis 1']],
    ['different levels', ['normal 0', 'other hospital/abnormal 1']],
    ['only abnormal', ['Abnormal 1']],
    ['only normal', ['Normal 0']],
    ['folders of patients below', ['normal/normal saline 0', 'abnormal/good patient 1']],
    [
      'a set that has the name of a disease',
      ['chest_pneumonia/NORMAL 0', 'chest_pneumonia/PNEUMONIA 1'],
    ],
    [
      'two of them',
      ['covid/normal 0', 'covid/covid 1', 'fracture/fractured 1', 'fracture/healthy 0'],
    ],
    ['several of a finding', ['lung nodules 1', 'NoRmAl 0']],
    ['agreeing names', ['healthy/negative 0', 'bad/defect 1']],
  ])('%s', (_, folders) => {
    const expected = images(folders);
    expect(labelsOf(expected.map(([path]) => path))).toEqual(
      expected.map(([path, label]) => `${path} ${label}`),
    );
  });

  it('are the same whatever the two classes are called and wherever they lie', () => {
    const named = (normal: string, abnormal: string) => [
      ...Array.from({ length: 8 }, (_, i) => `${normal}/${i}.png`),
      ...Array.from({ length: 3 }, (_, i) => `${abnormal}/${i}.png`),
    ];
    const labels = (paths: readonly string[]) => {
      const byPath = new Map(understood(paths).records.map(({ path, label }) => [path, label]));
      return paths.map((path) => byPath.get(path));
    };
    const expected = [...Array(8).fill(0), ...Array(3).fill(1)];
    for (const [normal, abnormal] of [
      ...[
        ['normal', 'abnormal'],
        ['NORMAL', 'PNEUMONIA'],
        ['Normal', 'Abnormal'],
      ],
      ...[
        ['train/good', 'test/broken'],
        ['train/normal', 'train/abnormal'],
        ['normal', 'covid'],
      ],
    ])
      expect(labels(named(normal, abnormal))).toEqual(expected);
  });

  it.each([
    ['names that objects of JavaScript have', ['constructor 0', '__proto__ 0']],
    ['a patient of that name', ['normal saline 0', 'patient 7 0']],
    ['words within words', ['abnormality report 0', 'normalised 0', 'goodman 0']],
    ['classes in names that say more', ['non covid 0', 'scans 0']],
    ['grades', ['0 0', '1 0', '2 0']],
    ['unknown names', ['cats 0', 'dogs 0']],
    ['one folder', ['deep 0']],
    ['views', ['patient1/AP 0', 'patient1/lateral 0', 'patient2/AP 0']],
    ['parts alone', ['train 0', 'test 0']],
  ])('are not given by %s', (_, folders) => {
    const { records } = understood(images(folders).map(([path]) => path));
    expect(records.every(({ label }) => label === undefined)).toBe(true);
  });

  it('are not given by the names of files, nor by that of the folder itself', () => {
    const paths = ['normal_01.png', 'pneumonia_02.png', 'NORMAL2-IM-0012.jpeg'];
    expect(understood(paths).records.some(({ label }) => label !== undefined)).toBe(false);
  });

  it.each([
    ['two grades', ['good 0', 'normal 0', 'bad 1'], "'bad' lie|'good' and 'normal' lie beside"],
    ['two grades alone', ['healthy 0', 'normal 0'], "'healthy' and 'normal' lie beside"],
    [
      'a class within the other',
      ['normal/abnormal 0', 'abnormal 1'],
      "'normal/abnormal' is normal by the name 'normal' and abnormal by 'abnormal'",
    ],
    [
      'a class named by a disease with a normal one in it',
      ['NORMAL 0', 'pneumonia/good 1'],
      "is abnormal by the name 'pneumonia' and normal by 'good'",
    ],
    [
      'the images of such a set that are in no class',
      ['covid/normal 0', 'covid/covid 1', 'covid/unknown 0'],
      "'covid/unknown/0.png' lies in none",
    ],
    [
      'a file beside the classes',
      ['normal 0', 'abnormal 1', ' 0'],
      'lies in none of the folders abnormal, normal',
    ],
    [
      'a folder of no class beside both',
      ['normal 0', 'abnormal 1', 'extra 0'],
      "'extra/0.png' lies in none of the folders abnormal, normal",
    ],
    [
      'masks beside the classes',
      ['train/good 0', 'test/good 0', 'test/scratch 1', 'ground_truth/scratch 1'],
      "'ground_truth/scratch/0.png' lies in none of the folders test/good, test/scratch, train/good",
    ],
    [
      'what is not known',
      ['normal 0', 'uncertain 1'],
      "'uncertain/0.png' lies in none of the folders normal",
    ],
    ['a negation', ['normal 0', 'covid 1', 'non-covid 1'], "'non-covid/0.png' lies in none"],
    ['numbered grades', ['normal 0', 'grade1 1', 'grade2 1'], "'grade1/0.png' lies in none"],
    [
      'another hospital beside a class',
      ['normal 0', 'hospital b 1'],
      "'hospital b/0.png' lies in none",
    ],
    ['another set beside a class', ['normal 0', 'set B 1'], "'set B/0.png' lies in none"],
    ['controls beside a class', ['normal 0', 'Control 1'], "'Control/0.png' lies in none"],
    ['a negation in one word', ['normal 0', 'noncovid 1'], "'noncovid/0.png' lies in none"],
    ['another one', ['normal 0', 'notuberculosis 1'], "'notuberculosis/0.png' lies in none"],
    ['patients beside a class', ['normal 0', 'patient 17 1'], "'patient 17/0.png' lies in none"],
    [
      'a patient of such a name',
      ['normal 0', 'normal saline 1'],
      "'normal saline/0.png' lies in none",
    ],
    ...[
      ...['normalized', 'normale', 'healty', 'neg', 'augmented', 'cropped', 'thumbs', 'heatmaps'],
      ...['metadata', 'holdout', 'dev', 'eval', 'pediatric', 'female', 'portable', 'noisy'],
      ...['borderline', 'probable pneumonitis', 'reader1', 'week 3', 'LIDC-IDRI-0001', 'SE000012'],
    ].map((name): [string, string[], string] => [
      `${name} beside a class`,
      ['normal 0', `${name} 1`],
      `'${name}/0.png' lies in none`,
    ]),
    ['a hospital beside a class', ['normal 0', 'b/normal 0', 'b 1'], "'b/0.png' lies in none"],
  ])('are refused for %s', (_, folders, message) => {
    const paths = images(folders).map(([path]) => path.replace(/^\//, ''));
    expect(() => understood(paths)).toThrow(
      expect.objectContaining({ code: 'INVALID_RECORDS', message: expect.stringMatching(message) }),
    );
    const { records } = understood(paths, { labels: false });
    expect(records.every(({ label }) => label === undefined)).toBe(true);
  });

  it('are refused where many folders lie beside that of normal images', () => {
    const names = (count: number) =>
      Array.from({ length: count }, (_, i) => `${String.fromCharCode(97 + i)}nna/0.png`);
    expect(labelsOf(['normal/0.png', ...names(3)]).slice(0, 3)).toEqual([
      'anna/0.png 1',
      'bnna/0.png 1',
      'cnna/0.png 1',
    ]);
    expect(() => understood(['normal/0.png', ...names(21)])).toThrow('INVALID_RECORDS');
  });
});

describe('labels by a rule of the user', () => {
  const paths = ['A/Healthy/1.png', 'A/fracture/2.png', 'b/healthy/3.png'];

  it('are those of named folders at any level, in any letter case', () => {
    const labels = { healthy: 0, FRACTURE: 1 } as const;
    expect(labelsOf(paths, { labels })).toEqual([
      'A/Healthy/1.png 0',
      'A/fracture/2.png 1',
      'b/healthy/3.png 0',
    ]);
    expect(understood(paths, { labels }).summary.folders).toEqual([
      { folder: 'A/Healthy', label: 0, images: 1 },
      { folder: 'A/fracture', label: 1, images: 1 },
      { folder: 'b/healthy', label: 0, images: 1 },
    ]);
    const nested = { 'a/healthy/': 1, 'A/fracture': 1, b: 0 } as const;
    expect(labelsOf(paths, { labels: nested })).toEqual([
      'A/Healthy/1.png 1',
      'A/fracture/2.png 1',
      'b/healthy/3.png 0',
    ]);
  });

  it('win over what the names say, even where these contradict each other', () => {
    const odd = ['good/1.png', 'normal/2.png', 'normal/abnormal/3.png'];
    expect(labelsOf(odd, { labels: { good: 1, normal: 0 } })).toEqual([
      'good/1.png 1',
      'normal/2.png 0',
      'normal/abnormal/3.png 0',
    ]);
  });

  it('are refused where an image has none, or two', () => {
    expect(() => understood(paths, { labels: { healthy: 0 } })).toThrow(
      "folderSource: 'A/fracture/2.png' lies in none of the folders healthy;",
    );
    expect(() => understood(paths, { labels: { a: 0, fracture: 1, b: 0 } })).toThrow(
      "the folder 'A/fracture' is normal by 'a' of labels and abnormal by 'fracture'",
    );
    // A name counts whole.
    expect(() => understood(paths, { labels: { health: 0, fracture: 1 } })).toThrow('lies in none');
  });

  it('are what a function of the path says', () => {
    const labels = (path: string) =>
      path.includes('fracture') ? 1 : path[0] === 'b' ? 0 : undefined;
    expect(labelsOf(paths, { labels })).toEqual([
      'A/Healthy/1.png -',
      'A/fracture/2.png 1',
      'b/healthy/3.png 0',
    ]);
    expect(() => understood(paths, { labels: () => true as never })).toThrow(
      "folderSource: labels gave true for 'A/Healthy/1.png'; expected 0 (normal), 1 (abnormal)",
    );
  });

  it.each([
    ['null', null],
    ['true', true],
    ['an empty object', {}],
    ['a list', ['normal']],
    ['a word', 'normal'],
    ['a label that is none', { normal: '0' }],
    ['a name that is none', { ' ': 0 }],
    ['one name with two labels', { normal: 0, NORMAL: 1 }],
  ])('cannot be %s', (_, labels) => {
    expect(() => understood(paths, { labels: labels as never })).toThrow('[INVALID_OPTION]');
  });
});

describe('parts by the names of folders', () => {
  const paths = images(['Training/good 0', 'val/good 0', 'test/good 0', 'test/broken 1']).map(
    ([path]) => path,
  );

  it('are said in the records, and chosen by an option', () => {
    const { records, summary } = understood(paths);
    expect(new Set(records.map(({ path, part }) => `${path.split('/')[0]} ${part}`))).toEqual(
      new Set(['Training train', 'val validation', 'test test']),
    );
    expect(summary.parts).toEqual({
      train: { normal: 2, abnormal: 0, unlabelled: 0 },
      test: { normal: 2, abnormal: 2, unlabelled: 0 },
      validation: { normal: 2, abnormal: 0, unlabelled: 0 },
    });
    const test = understood(paths, { part: 'test' });
    expect(test.records).toHaveLength(4);
    expect(test.records.map(({ label }) => label)).toEqual([1, 1, 0, 0]);
    expect(test.summary.images).toBe(4);
  });

  it('keep the label that a folder of another part gives', () => {
    const { records } = understood(['train/good/a.png', 'test/dents/b.png'], { part: 'test' });
    expect(records).toEqual([{ path: 'test/dents/b.png', label: 1, part: 'test' }]);
  });

  it('are absent where two are named, where a word is part of another, and where a test was positive', () => {
    const names = ['train/test/a.png', 'contest/a.png', 'train_val/a.png', 'tests positive/a.png'];
    for (const path of [...names, 'test_positive/a.png'])
      expect(understood([path]).records[0].part).toBeUndefined();
  });

  it('are refused where there are none of the name', () => {
    expect(() => understood(['normal/a.png'], { part: 'test' })).toThrow(
      "folderSource: found no image of the part 'test' among 1; expected a folder of that name; got no folder of a part. [EMPTY_SET]",
    );
    expect(() => understood(paths, { part: 'val' as never })).toThrow(
      "folderSource: part is 'val'; expected 'train' or 'validation' or 'test'. [INVALID_OPTION]",
    );
  });
});

describe('warnings of folders', () => {
  it('name folders that look like classes and were not used, once', () => {
    const paths = images(['cats 0', 'dogs 0']).map(([path]) => path);
    const heard: string[] = [];
    const { summary } = understood(paths, { onWarning: ({ message }) => heard.push(message) });
    expect(heard).toEqual([
      "folderSource: the folders 'cats' (2 images) and 'dogs' (2 images) look like classes, or like several data sets, and give no labels; name the classes, such as labels: { healthy: 0, fracture: 1 }, or pass labels: false if they are none; give the folder of one set.",
    ]);
    expect(summary.warnings.map(({ message }) => message)).toEqual(heard);
    expect(codes(paths, { labels: false })).toEqual([]);
  });

  it.each([
    ['two sets', ['first set/a 0', 'first set/b 0', 'second set/a 0']],
    ['grades', ['0 0', '1 0', '2 0', '3 0', '4 0']],
    ['grades of which one is missing', ['0 0', '2 0', '3 0']],
    ['grades in each part', ['train/0 0', 'train/1 0', 'train/4 0', 'test/0 0', 'test/1 0']],
    ['a part called training data', ['training data/0 0', 'training data/1 0', 'val/0 0']],
    ['labels of two digits', ['00 0', '01 0']],
    ['cases and controls', ['case 0', 'control 0']],
    ['letters', ['N 0', 'A 0']],
    ['yes and no', ['yes 0', 'no 0']],
    ['a patient whose name holds a class', ['normal saline 0', '17 0']],
    ['in each part', ['train/cats 0', 'train/dogs 0', 'test/cats 0', 'test/dogs 0']],
    ['a negation', ['non covid 0']],
  ])('are given for %s', (_, folders) => {
    expect(codes(images(folders).map(([path]) => path))).toEqual(['CLASS_FOLDERS_UNUSED']);
  });

  it.each([
    ['one folder', ['deep 0']],
    ['patients', ['patient 1 0', 'patient 2 0', 'patient 10 0']],
    ['numbers of patients', ['0017 0', '0018 0']],
    ['small numbers of patients', ['train/3 0', 'train/7 0', 'test/12 0']],
    ['studies and views', ['p1/study1 0', 'p1/study2 0', 'p2/lateral 0']],
    ['archives', ['images_001/images 0', 'images_002/images 0']],
    ['archives of RSNA', ['stage_2_train_images 0', 'stage_2_test_images 0']],
    ['what a PACS writes', ['PA000001/ST000001/SE000001 0', 'PA000001/ST000001/SE000002 0']],
    ['patients of TCIA', ['LIDC-IDRI-0001 0', 'LIDC-IDRI-0002 0', 'TCGA-17-Z000 0']],
    ['patients by letters', ['Patient A 0', 'Patient B 0']],
    ['patients by hashes', ['3f9c2e 0', 'b7d110 0']],
    ['numbered groups', ['batch1 0', 'batch2 0', 'week 1 0', 'week 2 0']],
    ['parts', ['train 0', 'val 0', 'test 0']],
    ['classes', ['normal 0', 'abnormal 1']],
  ])('are not given for %s', (_, folders) => {
    expect(codes(images(folders).map(([path]) => path))).toEqual([]);
  });

  it('name files that look like classes, and links in the place of one', () => {
    const [file] = understood(['normal_1.png', 'IM-2.png']).summary.warnings;
    expect(file.message).toContain("names of files such as 'normal_1.png' look like classes");
    const linked = recordsOfPaths('folderSource', ['abnormal/1.png'], {}, ['Normal', 'other']);
    expect(linked.summary.warnings.map(({ message }) => message)).toEqual([
      "folderSource: the folder 'Normal' is a link, which is not entered; expected the folder of each class; give the folder that a link leads to.",
    ]);
  });

  it('name several sets that are taken as one', () => {
    const sets = images([
      'kermany/train/NORMAL 0',
      'kermany/PNEUMONIA 1',
      'nih/normal 0',
      'nih/mass 1',
    ]);
    const { summary } = understood(sets.map(([path]) => path));
    expect(summary.warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "SEVERAL_SETS folderSource: the folders 'kermany' and 'nih' each hold normal and abnormal images, and are taken as one set; if they are several data sets, give the folder of one.",
    ]);
    // Sizes in pixels, not patients.
    const sizes = images(['128/normal 0', '128/abnormal 1', '256/normal 0', '256/abnormal 1'], 20);
    expect(codes(sizes.map(([path]) => path))).toEqual(['SEVERAL_SETS']);
    const sites = images(['site1/normal 0', 'site1/abnormal 1', 'site2/normal 0', 'site2/mass 1']);
    expect(codes(sites.map(([path]) => path))).toEqual(['SEVERAL_SETS']);
    const patients = ['patient1/study1_positive 1', 'patient1/study2_negative 0'];
    const more = patients.map((folder) => folder.replace('patient1', 'patient2'));
    expect(codes(images([...patients, ...more]).map(([path]) => path))).toEqual([]);
  });

  it('name masks that would be taken for films', () => {
    const folders = ['COVID/images 1', 'COVID/masks 1', 'Normal/images 0', 'Normal/masks 0'];
    const { summary } = understood(images(folders).map(([path]) => path));
    expect(summary.warnings.map(({ code }) => code)).toEqual(['MASKS_AMONG_IMAGES']);
    expect(summary.warnings[0].message).toContain("the folders 'COVID/masks' and 'Normal/masks'");
  });
});

it('hidden folders, and those that archives and file servers add, hold no images', () => {
  for (const path of [
    '.git/a.png',
    'normal/.a.png',
    '__MACOSX/normal/a.png',
    'normal/@eaDir/a.png',
  ])
    expect(isHidden(path)).toBe(true);
  for (const path of ['normal/a.png', 'a.b/c.png', 'my__MACOSX/a.png'])
    expect(isHidden(path)).toBe(false);
});

describe('the summary', () => {
  it('counts classes, parts and folders, and says why a folder is abnormal', () => {
    const paths = images(['train/good 0', 'test/good 0', 'test/dents 1']).map(([path]) => path);
    const { summary } = understood([...paths, 'test/dents/2.png']);
    expect(summary).toMatchObject({
      images: 7,
      classes: { normal: 4, abnormal: 3, unlabelled: 0 },
      headers: [],
      warnings: [],
    });
    expect(summary.toText().split('\n')).toEqual([
      '7 images: 4 normal, 3 abnormal',
      '  test: 2 normal, 3 abnormal',
      '  train: 2 normal',
      "  these parts are taken together; 'part' chooses one",
      "  folder 'test/dents': 3 abnormal (since it lies beside 'good')",
      "  folder 'test/good': 2 normal",
      "  folder 'train/good': 2 normal",
    ]);
    expect(JSON.parse(JSON.stringify(summary)).folders[0]).toEqual({
      folder: 'test/dents',
      label: 1,
      images: 3,
      beside: 'good',
    });
  });

  it('of images without labels says so, with the warnings', () => {
    const text = understood(['cats/1.png', 'dogs/2.png']).summary.toText();
    expect(text).toContain('2 images: 2 unlabelled');
    expect(text).toContain("CLASS_FOLDERS_UNUSED: folderSource: the folders 'cats' (1 image)");
  });
});

it('takes as many folders as a set has patients', () => {
  const paths = Array.from({ length: 20_000 }, (_, i) => `train/patient${i}/study1_negative/1.png`);
  const { records, summary } = understood(paths);
  expect(records.length).toBe(20_000);
  expect(summary.classes.normal).toBe(20_000);
});
