import type { ImageSource } from '../images/image-source.js';
import type { ImageRecord } from '../records/image-record.js';
import { refuseOverlaps } from '../splits/check-split.js';
import { type InspectedImages, inspectAll } from '../splits/inspect-images.js';
import { nameOf } from '../splits/split.js';
import { check } from '../support/check.js';

/** The parts of a data set. */
export type Part = 'train' | 'validation' | 'test';
export const parts: readonly Part[] = ['train', 'validation', 'test'];

/**
 * A data set of an experiment; every image labelled.
 *
 * @example
 * const openChest = (): ExperimentData => ({ train, validation, test });
 */
export interface ExperimentData {
  /** Normal images, and the anomalies that known ones are drawn from. */
  readonly train: ImageSource;
  /** Normal and abnormal images that settings and weights may be chosen by. */
  readonly validation: ImageSource;
  /** Normal and abnormal images of the evaluation. */
  readonly test: ImageSource;
  /**
   * What is known of each image, in the order of its source. Findings, view, age, sex and patient make tables by finding and
   * view, and show shortcuts.
   * @defaultValue the labels and patients of the sources
   */
  readonly records?: Readonly<Record<'train' | 'validation' | 'test', readonly ImageRecord[]>>;
}

/** Opens a data set; called at most once an experiment. */
export type OpenData = () => ExperimentData | Promise<ExperimentData>;

/** A data set whose images were all inspected. */
export interface OpenedData extends Required<ExperimentData> {
  readonly name: string;
  readonly inspected: InspectedImages;
}

/**
 * Opens a data set, inspects every image and refuses parts that share a patient or an image.
 *
 * @throws PATIENT_OVERLAP, IMAGE_OVERLAP, LABELS_MISMATCH, IMAGE_UNREADABLE, what opening and reading throw
 */
export async function openData(
  where: string,
  name: string,
  open: OpenData,
  signal?: AbortSignal,
): Promise<OpenedData> {
  const data = await open();
  for (const part of parts)
    check(
      typeof data?.[part]?.read === 'function' && Array.isArray(data[part].ids),
      'INVALID_IMAGES',
      () =>
        `${where}: ${part} of '${name}' is no ImageSource; expected its function to return { train, validation, test }, or a promise of it.`,
      { dataSet: name, part },
    );
  const records = Object.fromEntries(
    parts.map((part) => [part, recordsOf(where, name, part, data)]),
  ) as Record<Part, readonly ImageRecord[]>;
  const inspected = new Map();
  for (const part of parts) {
    const found = await inspectAll(`${where}: ${part} of '${name}'`, data[part], { signal });
    records[part].forEach((record, i) => {
      const image = found.get(data[part].ids[i]);
      check(
        image !== undefined,
        'IMAGE_UNREADABLE',
        () =>
          `${where}: ${part} image ${i} of '${name}' cannot be read; expected every one, so that all detectors are given the same; leave it out of the data set.`,
        { dataSet: name, part, image: i },
      );
      inspected.set(nameOf(record), image);
    });
  }
  refuseOverlaps(`${where}: '${name}'`, records, { inspected });
  return { ...data, name, records, inspected };
}

/**
 * Records with a name of their own in the whole set: sources that were given no ids all begin with 'image-0'. Paths
 * stay as they are in the records, so that a path in two parts is found.
 */
function recordsOf(
  where: string,
  name: string,
  part: Part,
  { [part]: source, records }: ExperimentData,
): readonly ImageRecord[] {
  const { ids, labels, patients, length } = source;
  check(
    labels !== undefined,
    'LABELS_MISMATCH',
    () =>
      `${where}: ${part} of '${name}' has no labels; expected 0 (normal) or 1 (abnormal) for every image.`,
    { dataSet: name, part },
  );
  const known = records?.[part];
  check(
    known === undefined || known.length === length,
    'LABELS_MISMATCH',
    () =>
      `${where}: ${part} of '${name}' has ${length} images but ${known?.length} records; expected one each, in the same order.`,
    { dataSet: name, part },
  );
  return Array.from({ length }, (_, i) => ({
    path: `${part}/${ids[i]}`,
    ...(patients && { patient: patients[i] }),
    ...known?.[i],
    id: `${part}/${ids[i]}`,
    label: labels[i] === 1 ? 1 : 0,
  }));
}
