import { checkKnownOptions } from '../support/check.js';
import { badLine, type ListFile, readTable } from './csv-table.js';
import type { ImageRecord } from './image-record.js';
import { keyed } from './keyed.js';
import type { PatientKeys } from './patient-key.js';
import { checkWholeSet } from './whole-set.js';

/** The seven regions of the arm that MURA has studies of, as its folders name them after `XR_`. */
export const muraBodyParts = [
  'ELBOW',
  'FINGER',
  'FOREARM',
  'HAND',
  'HUMERUS',
  'SHOULDER',
  'WRIST',
] as const;

/**
 * Options of `muraRecords`.
 *
 * @example
 * const options: MuraOptions = { bodyParts: ['HAND', 'WRIST'] };
 */
export interface MuraOptions {
  /**
   * The body parts to keep.
   * @defaultValue all
   */
  readonly bodyParts?: readonly (
    | 'ELBOW'
    | 'FINGER'
    | 'FOREARM'
    | 'HAND'
    | 'HUMERUS'
    | 'SHOULDER'
    | 'WRIST'
  )[];
  /**
   * Replaces the patient numbers of the set, which are public and in the paths, by keys.
   * @defaultValue the numbers stay
   */
  readonly keys?: PatientKeys;
  /**
   * Whether to refuse lists that are not both public parts whole: 40,005 images of 11,967 patients.
   * @defaultValue false
   */
  readonly whole?: boolean;
}

// MURA-v1.1/train/XR_SHOULDER/patient00001/study1_positive/image1.png
const IMAGE =
  /^(.*\/(train|valid)\/XR_([A-Z]+)\/(patient\d+)\/(study\d+)_(positive|negative))\/[^/]+$/;

/** The two lists of one of MURA's parts. */
interface Lists {
  readonly images: ListFile;
  readonly studies: ListFile;
}

/**
 * Reads the lists of MURA, its two public parts together; every image has the label of its study.
 *
 * Paths begin with the folder of the set, `MURA-v1.1`. `part` is the one that MURA assigns, 'train' or 'valid'.
 *
 * @param lists for each part `images` (`train_image_paths.csv`) and `studies` (`train_labeled_studies.csv`)
 * @param options `bodyParts`, `keys`, `whole`
 * @returns one record for each image, in the order of the lists
 * @throws INVALID_RECORDS where a path has another form, an image is there twice, a study has no label or one that its folder
 *   contradicts, or the lists are not the `whole` set; the message names list and line. UNKNOWN_OPTION
 * @see Rajpurkar et al. 2018, MURA (arXiv 1712.06957).
 * @example
 * const records = await muraRecords({ train: { images, studies } }, { bodyParts: ['HAND'] });
 */
export async function muraRecords(
  lists: {
    /**
     * The training part.
     * @defaultValue left out
     */
    readonly train?: {
      /** `train_image_paths.csv`. */
      readonly images: ListFile;
      /** `train_labeled_studies.csv`. */
      readonly studies: ListFile;
    };
    /**
     * The validation part.
     * @defaultValue left out
     */
    readonly valid?: {
      /** `valid_image_paths.csv`. */
      readonly images: ListFile;
      /** `valid_labeled_studies.csv`. */
      readonly studies: ListFile;
    };
  },
  options: MuraOptions = {},
): Promise<ImageRecord[]> {
  return readMura('muraRecords', lists, options);
}

/** `muraRecords` for the public call `where`. */
export async function readMura(
  where: string,
  lists: { readonly train?: Lists; readonly valid?: Lists },
  options: MuraOptions,
): Promise<ImageRecord[]> {
  checkKnownOptions(where, options, ['bodyParts', 'keys', 'whole']);
  checkKnownOptions(`${where}: lists`, lists, ['train', 'valid']);
  const { bodyParts, keys, whole = false } = options;
  const train = lists.train ? await recordsOf(where, 'train', lists.train) : [];
  const records = lists.valid
    ? [...train, ...(await recordsOf(where, 'valid', lists.valid))]
    : train;
  if (whole) checkWholeSet(where, records, { images: 40_005, patients: 11_967 });
  const wanted = bodyParts as readonly (string | undefined)[] | undefined;
  return keyed(
    wanted ? records.filter(({ bodyPart }) => wanted.includes(bodyPart)) : records,
    keys,
  );
}

async function recordsOf(
  where: string,
  name: string,
  { images, studies }: Lists,
): Promise<ImageRecord[]> {
  const labels = new Map<string, 0 | 1>();
  const label = { delimiter: ',', names: ['study', 'label'] };
  await readTable(
    `${where}: ${name}.studies`,
    studies,
    ['study', 'label'],
    ({ line, fields }) => {
      const study = fields.study.trim().replace(/\/$/, '');
      const positive = fields.label.trim();
      if (!/^[01]$/.test(positive) || (positive === '1') !== study.endsWith('_positive'))
        throw badLine(
          `${where}: ${name}.studies`,
          line,
          "has a label that is not 0 or 1 or is not its folder's; expected 1 for _positive, 0 for _negative",
        );
      labels.set(study, positive === '1' ? 1 : 0);
    },
    label,
  );

  const records = new Map<string, ImageRecord>();
  const path = { delimiter: ',', names: ['path'] };
  await readTable(
    `${where}: ${name}.images`,
    images,
    ['path'],
    ({ line, fields }) => {
      const [image, folder, part, bodyPart, patient, study] = IMAGE.exec(fields.path.trim()) ?? [];
      if (image === undefined || !(muraBodyParts as readonly string[]).includes(bodyPart))
        throw badLine(
          `${where}: ${name}.images`,
          line,
          'is not a path of MURA; expected one such as MURA-v1.1/train/XR_HAND/patient00001/study1_positive/image1.png',
        );
      if (records.has(image))
        throw badLine(`${where}: ${name}.images`, line, 'names an image again; expected each once');
      const value = labels.get(folder);
      if (value === undefined)
        throw badLine(
          `${where}: ${name}.images`,
          line,
          'is of a study without a label; expected one in the list of studies',
        );
      const owner = `mura-${patient}`;
      const names = { patient: owner, study: `${owner}/${bodyPart}/${study}` };
      records.set(image, { path: image, label: value, ...names, bodyPart, part });
    },
    path,
  );
  return [...records.values()];
}
