import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChexpertOptions, readChexpert } from '../records/chexpert.js';
import type { ImageRecord } from '../records/image-record.js';
import { type MuraOptions, readMura } from '../records/mura.js';
import { type NihOptions, readNih } from '../records/nih.js';
import { type RsnaOptions, readRsna } from '../records/rsna.js';
import { checkChoice, checkObject } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { checkRoot } from './folder-records.js';

/** Options of `nihFolder`. */
export interface NihFolderOptions extends Omit<NihOptions, 'parts' | 'pathOf'> {
  /**
   * What to do with lines of the table whose image is not in the folder.
   *
   * @defaultValue 'error'
   */
  readonly absent?: 'error' | 'leaveOut';
}

/**
 * Reads the lists of NIH ChestX-ray14 in a folder, and finds its images.
 *
 * The folder holds the table, the official lists (`train_val_list.txt`, `test_list.txt`; they may be missing), and the
 * images in `images` or in `images_001/images` to `images_012/images`.
 *
 * @param root the folder
 * @param options `absent`, and those of `nihRecords`
 * @returns records for `recordSource(root, records)`, with `part` 'train_val' or 'test' by the lists
 * @throws INVALID_RECORDS: no table, images absent, or as `nihRecords`; INVALID_OPTION, UNKNOWN_OPTION
 * @see Wang et al. 2017, ChestX-ray8 (arXiv 1705.02315).
 * @example
 * const records = await nihFolder('nih', { views: ['PA'], absent: 'leaveOut' });
 * const source = recordSource('nih', records);
 */
export async function nihFolder(
  root: string,
  options: NihFolderOptions = {},
): Promise<ImageRecord[]> {
  checkObject('nihFolder', 'options', options);
  const { absent = 'error', ...nihOptions } = options;
  checkChoice('nihFolder', 'absent', absent, ['error', 'leaveOut']);
  const table = await firstOf('nihFolder', root, [
    'Data_Entry_2017_v2020.csv',
    'Data_Entry_2017_v2020.csv.gz',
    'Data_Entry_2017.csv',
    'Data_Entry_2017.csv.gz',
  ]);
  const train = await contentOf(join(root, 'train_val_list.txt'));
  const test = await contentOf(join(root, 'test_list.txt'));
  const paths = await imagePaths(root);
  const records = await readNih('nihFolder', table, {
    ...nihOptions,
    parts: { ...(train && { train_val: train }), ...(test && { test }) },
    pathOf: (name) => paths.get(name) ?? name,
  });
  const there = records.filter(({ path }) => path.includes('/'));
  if (there.length < records.length && absent === 'error')
    throw new SaladError(
      'INVALID_RECORDS',
      `nihFolder: ${records.length - there.length} of the ${records.length} images of the table are not in '${root}'; expected all; unpack the rest, or set absent to 'leaveOut'.`,
      { absent: records.length - there.length, images: records.length },
    );
  return there;
}

/**
 * Reads the lists of MURA in a folder that has `MURA-v1.1` in it.
 *
 * @param root the folder
 * @param options those of `muraRecords`
 * @returns records for `recordSource(root, records)`
 * @throws INVALID_RECORDS: a list that is not there, or as `muraRecords`; INVALID_OPTION, UNKNOWN_OPTION
 * @see Rajpurkar et al. 2018, MURA (arXiv 1712.06957).
 * @example
 * const hands = recordSource('mura', await muraFolder('mura', { bodyParts: ['HAND'] }), { size: [128, 128] });
 */
export async function muraFolder(root: string, options: MuraOptions = {}): Promise<ImageRecord[]> {
  const file = (name: string) => firstOf('muraFolder', root, [`MURA-v1.1/${name}`]);
  const listsOf = async (part: string) => ({
    images: await file(`${part}_image_paths.csv`),
    studies: await file(`${part}_labeled_studies.csv`),
  });
  return readMura(
    'muraFolder',
    { train: await listsOf('train'), valid: await listsOf('valid') },
    options,
  );
}

/**
 * Reads the lists of CheXpert in a folder that has `CheXpert-v1.0` or `CheXpert-v1.0-small` in it: first
 * `train.csv`, then `valid.csv`.
 *
 * @param root the folder
 * @param options those of `chexpertRecords`
 * @returns records for `recordSource(root, records)`
 * @throws INVALID_RECORDS: a list that is not there, or as `chexpertRecords`; INVALID_OPTION, UNKNOWN_OPTION
 * @see Irvin et al. 2019, CheXpert (arXiv 1901.07031).
 * @example
 * const films = recordSource('chexpert', await chexpertFolder('chexpert', { views: ['PA'] }), { size: [128, 128] });
 */
export async function chexpertFolder(
  root: string,
  options: ChexpertOptions = {},
): Promise<ImageRecord[]> {
  const list = (name: string) =>
    firstOf('chexpertFolder', root, [`CheXpert-v1.0/${name}`, `CheXpert-v1.0-small/${name}`]);
  const train = await readChexpert('chexpertFolder: train.csv', await list('train.csv'), options);
  return [
    ...train,
    ...(await readChexpert('chexpertFolder: valid.csv', await list('valid.csv'), options)),
  ];
}

/**
 * Reads the lists of the RSNA Pneumonia Detection Challenge 2018 in a folder; records have patients if RSNA's mapping
 * to NIH ChestX-ray14 lies beside the lists.
 *
 * @param root the folder
 * @param options those of `rsnaRecords`
 * @returns records for `recordSource(root, records)`
 * @throws INVALID_RECORDS: a list that is not there, or as `rsnaRecords`; INVALID_OPTION, UNKNOWN_OPTION
 * @see Shih et al. 2019, Augmenting the National Institutes of Health Chest Radiograph Dataset with Expert Annotations
 *   of Possible Pneumonia (Radiology: Artificial Intelligence 1(1)).
 * @example
 * const films = recordSource('rsna', await rsnaFolder('rsna'), { size: [128, 128] });
 */
export async function rsnaFolder(root: string, options: RsnaOptions = {}): Promise<ImageRecord[]> {
  const labels = await firstOf('rsnaFolder', root, ['stage_2_train_labels.csv']);
  const classes = await firstOf('rsnaFolder', root, ['stage_2_detailed_class_info.csv']);
  const mapping = await contentOf(join(root, 'pneumonia-challenge-dataset-mappings_2018.json'));
  return readRsna('rsnaFolder', { labels, classes, mapping }, options);
}

/** Where each image is below the root, by its name. */
async function imagePaths(root: string): Promise<Map<string, string>> {
  const folders = (await readdir(root))
    .filter((name) => /^images(_\d+)?$/.test(name))
    .flatMap((name) => [name, `${name}/images`]);
  const paths = new Map<string, string>();
  for (const folder of folders)
    for (const name of await readdir(join(root, folder)).catch(() => []))
      paths.set(name, `${folder}/${name}`);
  return paths;
}

async function firstOf(where: string, root: string, names: readonly string[]): Promise<Uint8Array> {
  checkRoot(where, root);
  for (const name of names) {
    const content = await contentOf(join(root, name));
    if (content) return content;
  }
  throw new SaladError(
    'INVALID_RECORDS',
    `${where}: '${root}' has no ${names.join(' or ')}; expected the list as its provider names it; give the folder that has it.`,
    { root, names },
  );
}

/** Undefined where there is no such file. */
async function contentOf(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}
