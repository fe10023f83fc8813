import { checkChoice, checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { badLine, type ListFile, linesOf, readTable } from './csv-table.js';
import { known } from './fields.js';
import type { ImageRecord } from './image-record.js';
import { keyed } from './keyed.js';
import type { PatientKeys } from './patient-key.js';

/** An image of the RSNA challenge, with where its opacities are. */
export interface RsnaRecord extends ImageRecord {
  /** In pixels of the image, from its upper left corner; empty where there is no lung opacity. */
  readonly boxes: readonly RsnaBox[];
}

/** A box around a lung opacity, in pixels. */
export interface RsnaBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The lists of the RSNA Pneumonia Detection Challenge 2018. */
export interface RsnaLists {
  /** `stage_2_train_labels.csv`. */
  readonly labels: ListFile;
  /** `stage_2_detailed_class_info.csv`; without it nothing tells a normal image from another disease. */
  readonly classes: ListFile;
  /**
   * `pneumonia-challenge-dataset-mappings_2018.json`, which says the image of NIH ChestX-ray14 that each is;
   * without it the records have no patients, for the challenge's `patientId` names an image.
   */
  readonly mapping?: ListFile;
}

/** Options of `rsnaRecords`. */
export interface RsnaOptions {
  /** What 'No Lung Opacity / Not Normal' is. */
  readonly notNormal?: 'abnormal' | 'unlabelled';
  /** Makes keys of NIH's patient numbers, which are public. */
  readonly keys?: PatientKeys;
  /** Checks for the whole set: 26,684 images. */
  readonly whole?: boolean;
}

const BOX = ['x', 'y', 'width', 'height'] as const;
const CLASSES = ['Normal', 'No Lung Opacity / Not Normal', 'Lung Opacity'];
const WHERE = 'rsnaRecords';

/**
 * The images of the RSNA Pneumonia Detection Challenge 2018 by its lists: 'Normal' is 0, the other two classes
 * are 1.
 *
 * The images come from NIH ChestX-ray14, some patients with several: only the mapping tells whose they are.
 * Keys of patients are the same as those of `nihRecords`, so an overlap of the two sets is found.
 *
 * @throws INVALID_RECORDS: a column missing, a box that is none, classes and labels that contradict each other, or
 *   an image that one of the lists lacks
 * @see Shih et al. 2019, Augmenting the National Institutes of Health Chest Radiograph Dataset with Expert Annotations
 *   of Possible Pneumonia (Radiology: Artificial Intelligence 1(1)).
 * @example
 * const records = await rsnaRecords({ labels, classes, mapping });
 */
export async function rsnaRecords(
  lists: RsnaLists,
  options: RsnaOptions = {},
): Promise<RsnaRecord[]> {
  checkKnownOptions(WHERE, options, ['notNormal', 'keys', 'whole']);
  const { notNormal = 'abnormal', keys, whole = false } = options;
  checkChoice(WHERE, 'notNormal', notNormal, ['abnormal', 'unlabelled']);
  const boxes = await boxesOf(lists.labels);
  const classes = await classesOf(lists.classes);
  const patients = lists.mapping === undefined ? undefined : patientsOf(lists.mapping);
  if (classes.size !== boxes.size)
    throw unlike(`the labels have ${boxes.size} images and the classes ${classes.size}`);
  const records = Array.from(boxes, ([image, found]): RsnaRecord => {
    const name = classes.get(image);
    const patient = patients?.get(image);
    if (name === undefined || (patients && patient === undefined))
      throw unlike(`an image of the labels is not in the ${name ? 'mapping' : 'classes'}`);
    if ((name === 'Lung Opacity') !== found.length > 0)
      throw unlike(`an image has ${found.length} boxes and the class '${name}'`);
    const other = name === CLASSES[1] && notNormal === 'unlabelled';
    return known<RsnaRecord>({
      path: `stage_2_train_images/${image}.dcm`,
      label: name === 'Normal' ? 0 : other ? undefined : 1,
      patient,
      findings: name === 'Normal' ? [] : [name],
      boxes: found,
    });
  });
  if (whole && records.length !== 26_684)
    throw unlike(`the lists have ${records.length} images; expected 26684, the whole set`);
  return keyed(records, keys);
}

async function boxesOf(list: ListFile): Promise<Map<string, RsnaBox[]>> {
  const boxes = new Map<string, RsnaBox[]>();
  await readTable(WHERE, list, ['patientId', ...BOX, 'Target'], ({ line, fields }) => {
    const image = fields.patientId.trim();
    const before = boxes.get(image);
    const opacity = fields.Target.trim();
    if (opacity === '1') {
      const [x, y, width, height] = BOX.map((side) => Number.parseFloat(fields[side]));
      if (!(x >= 0 && y >= 0 && width > 0 && height > 0))
        throw badLine(WHERE, line, 'has no box; expected one where Target is 1');
      boxes.set(image, [...(before ?? []), { x, y, width, height }]);
    } else if (opacity === '0' && before === undefined) boxes.set(image, []);
    else throw badLine(WHERE, line, 'is not 0 once or 1 for every box', 'Target');
  });
  return boxes;
}

async function classesOf(list: ListFile): Promise<Map<string, string>> {
  const classes = new Map<string, string>();
  await readTable(WHERE, list, ['patientId', 'class'], ({ line, fields }) => {
    const [image, name] = [fields.patientId.trim(), fields.class.trim()];
    if (!CLASSES.includes(name) || (classes.get(image) ?? name) !== name)
      throw badLine(
        WHERE,
        line,
        `is not one of ${CLASSES.map((one) => `'${one}'`).join(', ')}, the same for every line of an image`,
        'class',
      );
    classes.set(image, name);
  });
  return classes;
}

/** Patients in the form of `nihRecords`, from names such as 00000017_003.png. */
function patientsOf(file: ListFile): Map<string, string> {
  try {
    const entries: { subset_img_id: string; img_id: string }[] = JSON.parse(
      linesOf(WHERE, file).join('\n'),
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
      `${WHERE}: the mapping is not the JSON list of subset_img_id and img_id that RSNA publishes; expected pneumonia-challenge-dataset-mappings_2018.json; download it again.`,
    );
  }
}

function unlike(problem: string): SaladError {
  return new SaladError(
    'INVALID_RECORDS',
    `${WHERE}: ${problem}; expected lists that agree; give those of one download of stage 2.`,
  );
}
