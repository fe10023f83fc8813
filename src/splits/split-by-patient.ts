import type { ImageRecord } from '../records/image-record.js';
import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import type { Split, SplitUnit } from './split.js';
import { recordsOf, shuffled, type Unit, unitsOf } from './units.js';

/**
 * Options of `splitByPatient`.
 *
 * @example
 * const options: SplitByPatientOptions<'train' | 'test'> = { parts: { train: 0.8, test: 0.2 }, seed: 7 };
 */
export interface SplitByPatientOptions<Part extends string> {
  /** Share of the images by part, such as `{ train: 0.5, validation: 0.25, test: 0.25 }`; their sum is 1. */
  readonly parts: Readonly<Record<Part, number>>;
  /** Of the random stream. */
  readonly seed: number;
  /**
   * What is never divided.
   * @defaultValue 'patient'
   */
  readonly unit?: SplitUnit;
  /**
   * What is spread evenly over the parts. A label divides units into normal, abnormal and mixed ones.
   * @defaultValue ['label']
   */
  readonly stratify?: readonly ('label' | 'view' | 'bodyPart')[];
}

type Stratum = 'label' | 'view' | 'bodyPart';

/**
 * Splits records into parts, never a patient in two.
 *
 * Units are taken stratum after stratum, large ones first, in random order among equals. Each goes to a
 * part that lags behind its share, drawn with a chance proportional to
 *
 *     lag = share * (images taken, with this unit) - (images in the part),   where above 0
 *
 * so a unit's chance of a part is the part's share, and no part gets ahead of its share by as much as the last unit put into it.
 * The result depends on the records and the seed, not on the records' order.
 *
 * @param records each with a patient
 * @param options `parts` and `seed`; `unit` and `stratify` have defaults
 * @returns the parts and the recipe; `unused` is empty
 * @throws EMPTY_SET without records; INVALID_OPTION, UNKNOWN_OPTION; INVALID_RECORDS naming the record where a path is there
 *   twice, or a patient or a body part is missing
 * @example
 * const { parts } = splitByPatient(records, {
 *   parts: { train: 0.5, validation: 0.25, test: 0.25 },
 *   seed: 7,
 * });
 */
export function splitByPatient<Part extends string>(
  records: readonly ImageRecord[],
  options: SplitByPatientOptions<Part>,
): Split<Part> {
  const where = 'splitByPatient';
  checkKnownOptions(where, options, { parts: true, seed: true, unit: true, stratify: true });
  const { parts: shares, seed, unit = 'patient', stratify = ['label'] } = options;
  checkNumber(where, 'seed', seed, { integer: true });
  for (const name of stratify) checkChoice(where, 'stratify', name, ['label', 'view', 'bodyPart']);
  const names = checkShares(where, shares);

  const strata = new Map<string, Unit[]>();
  for (const one of unitsOf(where, records, unit)) {
    const key = stratumOf(one, stratify);
    const units = strata.get(key) ?? [];
    units.push(one);
    strata.set(key, units);
  }
  const order = [...strata.keys()].sort().flatMap((key) => {
    const units = shuffled(strata.get(key) ?? [], new RandomStream(seed, ['units', key]));
    return units.sort((a, b) => b.records.length - a.records.length);
  });

  const random = new RandomStream(seed, ['parts']);
  const members = names.map((): Unit[] => []);
  const held = names.map(() => 0);
  let taken = 0;
  for (const one of order) {
    const size = one.records.length;
    taken += size;
    const lags = names.map((name, part) => Math.max(0, shares[name] * taken - held[part]));
    const part = drawWeighted(lags, random);
    members[part].push(one);
    held[part] += size;
  }
  const parts = Object.fromEntries(names.map((name, part) => [name, recordsOf(members[part])]));
  return {
    parts: parts as Record<Part, ImageRecord[]>,
    unused: [],
    recipe: { method: where, options: { parts: shares, seed, unit, stratify } },
  };
}

function checkShares<Part extends string>(
  where: string,
  shares: Readonly<Record<Part, number>>,
): readonly Part[] {
  const names = Object.keys(shares ?? {}) as Part[];
  for (const name of names) checkNumber(where, `parts.${name}`, shares[name], { above: 0, max: 1 });
  const sum = names.reduce((total, name) => total + shares[name], 0);
  check(
    Math.abs(sum - 1) < 1e-9,
    'INVALID_OPTION',
    () =>
      `${where}: the shares of parts (${names.join(', ') || 'none'}) have the sum ${sum}; expected 1.`,
    { sum },
  );
  return names;
}

/** Units of one stratum have the same key: all their views, for instance. */
function stratumOf({ records, labels }: Unit, stratify: readonly Stratum[]): string {
  return JSON.stringify(
    stratify.map((name) =>
      name === 'label' ? labels : [...new Set(records.map((record) => record[name] ?? ''))].sort(),
    ),
  );
}

/** Index of one weight, with a chance proportional to it; a rounding error counts as 0. */
function drawWeighted(weights: readonly number[], random: RandomStream): number {
  const counted = weights.map((weight) => (weight > 1e-9 ? weight : 0));
  let left = random.uniform() * counted.reduce((sum, weight) => sum + weight, 0);
  const drawn = counted.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return drawn >= 0 ? drawn : counted.indexOf(Math.max(...counted));
}
