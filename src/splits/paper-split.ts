import type { ImageRecord } from '../records/image-record.js';
import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { halfUp } from './half-up.js';
import { drawAnomalies } from './known-anomalies.js';
import { nameOf, type Split, type SplitUnit, sortedByPath } from './split.js';
import { recordsOf, shuffled, type Unit, unitsOf } from './units.js';

/**
 * Options of `paperSplit`.
 *
 * @example
 * const options: PaperSplitOptions = { anomalyRatio: 0.05, form: 'replacing', seed: 7, unit: 'patientAndBodyPart' };
 */
export interface PaperSplitOptions {
  /** abnormal / (normal + abnormal) among the training images, from 0 to `largestRatio`. */
  readonly anomalyRatio: number;
  /**
   * `added`: every normal training image stays and anomalies are added.
   * `replacing`: anomalies take the place of normals, as in the paper, so the training set keeps its size.
   */
  readonly form: 'added' | 'replacing';
  /** Of the random stream. */
  readonly seed: number;
  /**
   * What is never divided.
   * @defaultValue 'patient'
   */
  readonly unit?: SplitUnit;
  /**
   * The ratio for which abnormal units are kept out of validation and test; the same for all runs that are compared.
   * @defaultValue 0.15
   */
  readonly largestRatio?: number;
  /**
   * Share of all units that train. They are normal ones.
   * @defaultValue 0.5
   */
  readonly trainShare?: number;
}

/**
 * Splits records as the paper splits MURA, with one test set for all anomaly ratios.
 *
 *     train        trainShare of all units, normal ones, and known anomalies
 *     pool         abnormal units for known anomalies, as many as the largest ratio takes
 *     validation   half of the normal, of the abnormal and of the mixed units that are left
 *     test         the other half
 *
 * Validation, test and the normal training units depend neither on `anomalyRatio` nor on `form`, and a larger
 * ratio holds the anomalies of a smaller one. Rounding is half up. Mixed units, with images of both classes, never
 * train. Images of the pool that were not drawn, and normals whose place anomalies took, are `unused`.
 *
 * In the paper the anomalies that train are missing from the test set, which therefore changes with the ratio.
 *
 * @param records each with a label and a patient
 * @param options `anomalyRatio`, `form` and `seed`; `unit`, `largestRatio` and `trainShare` have defaults
 * @returns the three parts, what is in none, and the recipe
 * @throws EMPTY_SET without records; INVALID_OPTION, also where there are too few units; UNKNOWN_OPTION; INVALID_RECORDS naming
 *   the record where a path is there twice, or a label, a patient or a body part is missing
 * @see Bozorgtabar et al., MICCAI 2020, section 3 (experiments on MURA).
 * @example
 * const { parts } = paperSplit(records, { anomalyRatio: 0.05, form: 'replacing', seed: 7 });
 */
export function paperSplit(
  records: readonly ImageRecord[],
  options: PaperSplitOptions,
): Split<'train' | 'validation' | 'test'> {
  const where = 'paperSplit';
  checkKnownOptions(where, options, {
    anomalyRatio: true,
    form: true,
    seed: true,
    unit: true,
    largestRatio: true,
    trainShare: true,
  });
  const { anomalyRatio, form, seed, unit = 'patient' } = options;
  const { largestRatio = 0.15, trainShare = 0.5 } = options;
  checkNumber(where, 'seed', seed, { integer: true });
  checkNumber(where, 'largestRatio', largestRatio, { min: 0, max: 0.9 });
  checkNumber(where, 'trainShare', trainShare, { above: 0, max: 1 });
  checkChoice(where, 'form', form, ['added', 'replacing']);
  check(
    anomalyRatio >= 0 && anomalyRatio <= largestRatio,
    'INVALID_OPTION',
    () =>
      `${where}: anomalyRatio is ${anomalyRatio}; expected 0 to largestRatio, ${largestRatio}; raise largestRatio, in all runs that are compared.`,
    { anomalyRatio, largestRatio },
  );

  const units = unitsOf(where, records, unit);
  checkLabels(where, records);
  const unitsWith = (labels: Unit['labels']) =>
    shuffled(
      units.filter((one) => one.labels === labels),
      new RandomStream(seed, [labels]),
    );
  const normal = unitsWith('normal');
  const abnormal = unitsWith('abnormal');

  const trainUnits = halfUp(trainShare * units.length);
  check(
    trainUnits > 0 && normal.length >= trainUnits + 2,
    'INVALID_OPTION',
    () =>
      `${where}: trainShare ${trainShare} of ${units.length} units is ${trainUnits} and ${normal.length} units are normal; expected from 1 to ${Math.max(0, normal.length - 2)}, so that validation and test have normal units too; set trainShare to at most ${maximalShare(normal.length, units.length)}.`,
    { units: units.length, normal: normal.length, trainUnits },
  );
  const train = recordsOf(normal.splice(0, trainUnits));
  const pool = recordsOf(takePool(where, abnormal, train.length, largestRatio));

  const known = [...train, ...pool];
  const labels = known.map(({ label = 0 }) => label);
  const chosen = new Set(drawAnomalies(where, labels, { ratio: anomalyRatio, form, seed }));
  const halves = [normal, abnormal, unitsWith('mixed')].map(halved);
  return {
    parts: {
      train: sortedByPath(known.filter((_, i) => chosen.has(i))),
      validation: recordsOf(halves.flatMap(([first]) => first)),
      test: recordsOf(halves.flatMap(([, second]) => second)),
    },
    unused: sortedByPath(known.filter((_, i) => !chosen.has(i))),
    recipe: {
      method: where,
      options: { anomalyRatio, form, seed, unit, largestRatio, trainShare },
    },
  };
}

/** Takes from the front of `abnormal` what the larger of the two forms needs at the largest ratio. */
function takePool(
  where: string,
  abnormal: Unit[],
  normals: number,
  largestRatio: number,
): readonly Unit[] {
  const needed = halfUp((largestRatio * normals) / (1 - largestRatio));
  let images = 0;
  let count = 0;
  while (images < needed && count < abnormal.length) images += abnormal[count++].records.length;
  check(
    images >= needed && abnormal.length >= count + 2,
    'INVALID_OPTION',
    () =>
      `${where}: largestRatio ${largestRatio} beside ${normals} normal training images takes ${needed} known anomalies, and the ${abnormal.length} abnormal units leave too few of them for validation and test; expected at least 2 units over; lower largestRatio or trainShare.`,
    { needed, abnormalUnits: abnormal.length },
  );
  return abnormal.splice(0, count);
}

function halved(units: readonly Unit[]): readonly [readonly Unit[], readonly Unit[]] {
  const middle = halfUp(units.length / 2);
  return [units.slice(0, middle), units.slice(middle)];
}

function checkLabels(where: string, records: readonly ImageRecord[]): void {
  const i = records.findIndex(({ label }) => label !== 0 && label !== 1);
  check(
    i === -1,
    'INVALID_RECORDS',
    () =>
      `${where}: records[${i}] ('${nameOf(records[i])}') has the label ${records[i].label}; expected 0 (normal) or 1 (known anomaly); leave unlabelled records out.`,
    { image: records[i] && nameOf(records[i]) },
  );
}

/** The largest share, in hundredths, that leaves two normal units. */
function maximalShare(normal: number, units: number): number {
  return Math.max(0, Math.floor((100 * (normal - 2)) / units) / 100);
}
