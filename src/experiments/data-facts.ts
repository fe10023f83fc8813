import { meanIntensityScores, textureScores } from '../baselines/simple/one-number.js';
import { none } from '../images/image-normalization.js';
import type { ImageShape } from '../images/pixels.js';
import { imagePreparation } from '../images/preparation.js';
import type { ResizePolicy } from '../images/resize.js';
import { quartiles } from '../metrics/strata.js';
import type { ImageRecord } from '../records/image-record.js';
import { shortcutsOf } from '../splits/find-shortcuts.js';
import type { Shortcut } from '../splits/shortcut.js';
import { type OpenedData, parts } from './experiment-data.js';
import { hashOf } from './identity.js';
import { currentWord } from './stored-words.js';

/**
 * What tables need to know of a data set; JSON without a name of an image or a patient.
 *
 * @example
 * const { chest }: Readonly<Record<string, DataFacts>> = results.data;
 * console.log(chest.test.images, chest.test.shortcuts[0]?.attribute);
 */
export interface DataFacts {
  /** Of the file. */
  readonly formatVersion: 1;
  /** Name of the data set. */
  readonly name: string;
  /** Hash of ids, labels and pixels of all parts. */
  readonly hash: string;
  /** Counts of the training images, with the anomalies that known ones are drawn from. */
  readonly train: {
    /** How many images. */
    readonly images: number;
    /** How many of them are abnormal. */
    readonly abnormal: number;
    /** How many patients; absent where patients are not known. */
    readonly patients?: number;
  };
  /** The same of the validation images. */
  readonly validation: DataFacts['train'];
  /** The same of the test images, and facts of each, in their order. */
  readonly test: DataFacts['train'] & {
    /** Hash of labels and pixels, whatever the images are called and whatever their order. */
    readonly hash: string;
    /** 0 = normal, 1 = abnormal. */
    readonly labels: readonly number[];
    /** Quarter of the texture score, 0 (sharpest) to 3, at the size that detectors see. */
    readonly texture: readonly number[];
    /** Quarter of the mean intensity, 0 (darkest) to 3, at the size that detectors see. */
    readonly brightness: readonly number[];
    /** View of each image; absent unless all are known. */
    readonly views?: readonly string[];
    /** Findings of each image; absent where no record has any. */
    readonly findings?: readonly (readonly string[])[];
    /** Which images are of one patient, as numbers from 0; absent where patients are not known. */
    readonly patientNumbers?: readonly number[];
    /** How well one attribute alone separates the classes: view, age, sex, size, brightness, sharpness or texture. */
    readonly shortcuts: readonly Shortcut[];
  };
}

/** How many images are prepared at once. */
const BLOCK = 64;

/** @throws whatever reading the images throws */
export async function factsOf(
  data: OpenedData,
  view: { readonly inputShape: ImageShape; readonly resize: ResizePolicy },
): Promise<DataFacts> {
  const { name, records, inspected } = data;
  const contents = parts.map((part) =>
    records[part].map(({ id = '', label }) => [id, label, inspected.get(id)?.content]),
  );
  const { test } = records;
  const [normal, abnormal] = [0, 1].map((label) => test.filter((record) => record.label === label));
  const views = test.flatMap(({ view: one }) => one ?? []);
  const found = test.map(({ findings = [] }) => findings);
  const patients = test.flatMap(({ patient }) => patient ?? []);
  return {
    formatVersion: 1,
    name,
    hash: hashOf(contents),
    train: countsOf(records.train),
    validation: countsOf(records.validation),
    test: {
      ...countsOf(test),
      hash: hashOf(contents[2].map(([, ...one]) => one.join()).sort()),
      labels: test.map(({ label = 0 }) => label),
      ...(await quartersOf(data, view)),
      ...(views.length === test.length && { views }),
      ...(found.some((one) => one.length > 0) && { findings: found }),
      ...(patients.length === test.length && { patientNumbers: numbered(patients) }),
      shortcuts: shortcutsOf(normal, abnormal, inspected),
    },
  };
}

async function quartersOf(
  { test }: OpenedData,
  { inputShape, resize }: { readonly inputShape: ImageShape; readonly resize: ResizePolicy },
): Promise<Pick<DataFacts['test'], 'texture' | 'brightness'>> {
  const texture: number[] = [];
  const brightness: number[] = [];
  const preparation = imagePreparation({ inputShape, resize, imageNormalization: none() });
  for (let first = 0; first < test.length; first += BLOCK) {
    const count = Math.min(BLOCK, test.length - first);
    const batch = await test.read(Array.from({ length: count }, (_, i) => first + i));
    const { images: values } = preparation.apply(batch);
    const images = { values, shape: [count, ...inputShape] } as const;
    // A sharp image has a low score.
    texture.push(...textureScores(images).localContrast);
    brightness.push(...meanIntensityScores(images));
  }
  return {
    texture: Array.from(quartiles(texture)),
    brightness: Array.from(quartiles(brightness)),
  };
}

function countsOf(records: readonly ImageRecord[]): DataFacts['train'] {
  const patients = records.flatMap(({ patient }) => patient ?? []);
  return {
    images: records.length,
    abnormal: records.filter(({ label }) => label === 1).length,
    ...(patients.length === records.length && { patients: new Set(patients).size }),
  };
}

/** By order of first appearance. */
function numbered(patients: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return patients.map((patient) => {
    const number = numbers.get(patient) ?? numbers.size;
    numbers.set(patient, number);
    return number;
  });
}

type StoredTest = DataFacts['test'] & {
  readonly kinds?: DataFacts['test']['findings'];
  readonly giveAways?: readonly (DataFacts['test']['shortcuts'][number] & {
    readonly trait: string;
  })[];
};

/** Facts of a data set, of whatever version, in the words of the code. */
export function factsFromStored(facts: DataFacts): DataFacts {
  const { kinds, findings = kinds, giveAways = [], ...test }: StoredTest = facts.test;
  const stored = giveAways.map(({ trait, ...one }) => ({ ...one, attribute: currentWord(trait) }));
  const shortcuts = (test.shortcuts ?? stored) as DataFacts['test']['shortcuts'];
  return { ...facts, test: { ...test, ...(findings && { findings }), shortcuts } };
}
