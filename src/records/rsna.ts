import { checkChoice, checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { badLine, type ListFile, linesOf, readTable } from './csv-table.js';
import { known } from './fields.js';
import type { ImageRecord } from './image-record.js';
import { keyed } from './keyed.js';
import type { PatientKeys } from './patient-key.js';

/**
 * Options of `rsnaRecords`.
 *
 * @example
 * const options: RsnaOptions = { notNormal: 'unlabelled' };
 */
export interface RsnaOptions {
  /**
   * How to label the class 'No Lung Opacity / Not Normal'.
   * @defaultValue 'abnormal'
   */
  readonly notNormal?: 'abnormal' | 'unlabelled';
  /**
   * Replaces NIH's patient numbers, which are public, by keys.
   * @defaultValue the numbers stay
   */
  readonly keys?: PatientKeys;
  /**
   * Whether to refuse lists that are not the whole set of 26,684 images.
   * @defaultValue false
   */
  readonly whole?: boolean;
}

const BOX = ['x', 'y', 'width', 'height'] as const;
const CLASSES = ['Normal', 'No Lung Opacity / Not Normal', 'Lung Opacity'];

/**
 * Reads the lists of the RSNA Pneumonia Detection Challenge 2018: an image of the class 'Normal' is labelled 0, the other two
 * classes are labelled 1; `boxes` surround the lung opacities.
 *
 * The images come from NIH ChestX-ray14, some patients with several: only the mapping tells which patient an image is of.
 * Patients have the same keys as those of `nihRecords`, so `checkSplit` finds an overlap of the two sets.
 *
 * @param lists `labels`, `classes` and `mapping`, as published
 * @param options `notNormal`, `keys`, `whole`
 * @returns one record for each image, with `boxes`, in the order of the labels
 * @throws INVALID_RECORDS where a column is missing, a box has no size, classes and labels contradict each other, or one of the
 *   lists lacks an image; the message names list, line and column. UNKNOWN_OPTION, INVALID_OPTION
 * @see Shih et al. 2019, Augmenting the National Institutes of Health Chest Radiograph Dataset with Expert Annotations
 *   of Possible Pneumonia (Radiology: Artificial Intelligence 1(1)).
 * @example
 * const records = await rsnaRecords({ labels, classes, mapping });
 */
export async function rsnaRecords(
  lists: {
    /** `stage_2_train_labels.csv`. */
    readonly labels: ListFile;
    /** `stage_2_detailed_class_info.csv`; without it nothing distinguishes a normal image from another disease. */
    readonly classes: ListFile;
    /**
     * `pneumonia-challenge-dataset-mappings_2018.json`, which names the image of NIH ChestX-ray14 that each is.
     * @defaultValue records have no patients, since the challenge's `patientId` names an image
     */
    readonly mapping?: ListFile;
  },
  options: RsnaOptions = {},
): Promise<ImageRecord[]> {
  return readRsna('rsnaRecords', lists, options);
}

/** `rsnaRecords` for the public call `where`. */
export async function readRsna(
  where: string,
  lists: { readonly labels: ListFile; readonly classes: ListFile; readonly mapping?: ListFile },
  options: RsnaOptions,
): Promise<ImageRecord[]> {
  checkKnownOptions(`${where}: lists`, lists, ['labels', 'classes', 'mapping']);
  checkKnownOptions(where, options, ['notNormal', 'keys', 'whole']);
  const { notNormal = 'abnormal', keys, whole = false } = options;
  checkChoice(where, 'notNormal', notNormal, ['abnormal', 'unlabelled']);
  const boxes = await boxesOf(`${where}: labels`, lists.labels);
  const classes = await classesOf(`${where}: classes`, lists.classes);
  const patients = lists.mapping === undefined ? undefined : patientsOf(where, lists.mapping);
  if (classes.size !== boxes.size)
    throw unlike(where, `the labels have ${boxes.size} images and the classes ${classes.size}`);
  const records = Array.from(boxes, ([image, found]): ImageRecord => {
    const name = classes.get(image);
    const patient = patients?.get(image);
    if (name === undefined || (patients && patient === undefined))
      throw unlike(where, `an image of the labels is not in the ${name ? 'mapping' : 'classes'}`);
    if ((name === 'Lung Opacity') !== found.length > 0)
      throw unlike(where, `an image has ${found.length} boxes and the class '${name}'`);
    const other = name === CLASSES[1] && notNormal === 'unlabelled';
    return known<ImageRecord>({
      path: `stage_2_train_images/${image}.dcm`,
      label: name === 'Normal' ? 0 : other ? undefined : 1,
      patient,
      findings: name === 'Normal' ? [] : [name],
      boxes: found,
    });
  });
  if (whole && records.length !== 26_684)
    throw unlike(where, `the lists have ${records.length} images; expected 26684, the whole set`);
  return keyed(records, keys);
}

type Boxes = NonNullable<ImageRecord['boxes']>;

async function boxesOf(where: string, list: ListFile): Promise<Map<string, Boxes>> {
  const boxes = new Map<string, Boxes>();
  await readTable(where, list, ['patientId', ...BOX, 'Target'], ({ line, fields }) => {
    const image = fields.patientId.trim();
    const before = boxes.get(image);
    const opacity = fields.Target.trim();
    if (opacity === '1') {
      const [x, y, width, height] = BOX.map((side) => Number.parseFloat(fields[side]));
      if (!(x >= 0 && y >= 0 && width > 0 && height > 0))
        throw badLine(where, line, 'has no box; expected one where Target is 1');
      boxes.set(image, [...(before ?? []), { x, y, width, height }]);
    } else if (opacity === '0' && before === undefined) boxes.set(image, []);
    else throw badLine(where, line, 'is not 0 once or 1 for every box', 'Target');
  });
  return boxes;
}

async function classesOf(where: string, list: ListFile): Promise<Map<string, string>> {
  const classes = new Map<string, string>();
  await readTable(where, list, ['patientId', 'class'], ({ line, fields }) => {
    const [image, name] = [fields.patientId.trim(), fields.class.trim()];
    if (!CLASSES.includes(name) || (classes.get(image) ?? name) !== name)
      throw badLine(
        where,
        line,
        `is not one of ${CLASSES.map((one) => `'${one}'`).join(', ')}, the same for every line of an image`,
        'class',
      );
    classes.set(image, name);
  });
  return classes;
}

/** Patients in the form of `nihRecords`, from names such as 00000017_003.png. */
function patientsOf(where: string, file: ListFile): Map<string, string> {
  try {
    const entries: { subset_img_id: string; img_id: string }[] = JSON.parse(
      linesOf(`${where}: mapping`, file).join('\n'),
    );
    return new Map(
      entries.map(({ subset_img_id, img_id }) => {
        const [, patient] = /^(\d+)_\d+\.png$/.exec(img_id)!;
        return [subset_img_id, `nih-${Number(patient)}`];
      }),
    );
  } catch {
    // Without its cause, which shows a piece of the file.
    throw new SaladError(
      'INVALID_RECORDS',
      `${where}: the mapping is not the JSON list of subset_img_id and img_id that RSNA publishes; expected pneumonia-challenge-dataset-mappings_2018.json; download it again.`,
    );
  }
}

function unlike(where: string, problem: string): SaladError {
  return new SaladError(
    'INVALID_RECORDS',
    `${where}: ${problem}; expected lists that agree; give those of one download of stage 2.`,
  );
}
