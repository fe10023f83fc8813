import type { ImageRecord } from '../records/image-record.js';
import { checkKnownOptions } from '../support/check.js';
import type { Parts } from './check-split.js';
import { type GiveAway, giveAwaysOf } from './give-aways.js';
import type { InspectedImages } from './inspect-images.js';
import { type Spread, spreadOf, type Trait, traitOf } from './traits.js';

/** A class of images; `unlabelled` ones have no label. */
export type ImageClass = 'normal' | 'abnormal' | 'unlabelled';

/** How many of what. */
export interface Counts {
  readonly images: number;
  /** Different ones; absent where no image has one. */
  readonly patients?: number;
  readonly studies?: number;
}

/** Images of one category by class. */
export interface CategoryCount extends Readonly<Record<ImageClass, number>> {
  readonly value: string;
}

/** One part of a split. */
export interface PartSummary extends Counts {
  readonly part: string;
  readonly classes: Readonly<Record<ImageClass, Counts>>;
  /** An image with two findings counts for both; most common first. */
  readonly findings: readonly CategoryCount[];
  /** Most common first, as the following. */
  readonly views: readonly CategoryCount[];
  readonly bodyParts: readonly CategoryCount[];
  readonly sexes: readonly CategoryCount[];
  /** Years. */
  readonly ages: Readonly<Record<ImageClass, Spread | undefined>>;
  /** Pixels of an image; where images were inspected, as the next. */
  readonly imageSizes: Readonly<Record<ImageClass, Spread | undefined>>;
  /** In [0, 1]. */
  readonly brightness: Readonly<Record<ImageClass, Spread | undefined>>;
  /** How well each trait alone tells the classes apart; empty for a part of one class. */
  readonly giveAways: readonly GiveAway[];
}

/** Options of `splitSummary`. */
export interface SplitSummaryOptions {
  /** What `inspectImages` found: image sizes and brightness. */
  readonly inspected?: InspectedImages;
}

/**
 * Counts images, patients and studies by part and class, and says what could give the label away.
 *
 * A detector may score well on the view, the age or the brightness of an image alone. Each such trait is told with the area under
 * the ROC curve that it reaches by itself: a score near it is no proof of having seen the disease.
 *
 * @returns a part each, in the order given
 * @throws UNKNOWN_OPTION
 * @see Bozorgtabar et al., MICCAI 2020, for the tables of the kind.
 * @example
 * console.log(summaryText(splitSummary(split.parts)));
 */
export function splitSummary(
  parts: Parts,
  options: SplitSummaryOptions = {},
): readonly PartSummary[] {
  checkKnownOptions('splitSummary', options, ['inspected']);
  const { inspected } = options;
  return Object.entries(parts).map(([part, records]) => {
    const classes = byClass(records);
    const categories = (values: (record: ImageRecord) => readonly string[]) =>
      countCategories(classes, values);
    const spreads = (trait: Trait) =>
      mapClasses(classes, (members) =>
        spreadOf(members.map((record) => traitOf(record, trait, inspected))),
      );
    return {
      part,
      ...countsOf(records),
      classes: mapClasses(classes, countsOf),
      findings: categories(({ findings = [] }) => findings),
      views: categories(({ view }) => (view === undefined ? [] : [view])),
      bodyParts: categories(({ bodyPart }) => (bodyPart === undefined ? [] : [bodyPart])),
      sexes: categories(({ sex }) => (sex === undefined ? [] : [sex])),
      ages: spreads('age'),
      imageSizes: spreads('image size'),
      brightness: spreads('brightness'),
      giveAways: giveAwaysOf(classes.normal, classes.abnormal, inspected),
    };
  });
}

type ByClass<T> = Readonly<Record<ImageClass, T>>;

function byClass(records: readonly ImageRecord[]): ByClass<readonly ImageRecord[]> {
  return {
    normal: records.filter(({ label }) => label === 0),
    abnormal: records.filter(({ label }) => label === 1),
    unlabelled: records.filter(({ label }) => label === undefined),
  };
}

function mapClasses<A, B>({ normal, abnormal, unlabelled }: ByClass<A>, map: (of: A) => B) {
  return { normal: map(normal), abnormal: map(abnormal), unlabelled: map(unlabelled) };
}

function countsOf(records: readonly ImageRecord[]): Counts {
  const distinct = (values: readonly (string | undefined)[]) =>
    new Set(values.filter((value) => value !== undefined)).size;
  const patients = distinct(records.map(({ patient }) => patient));
  // The number of a study may begin anew with every patient.
  const studies = distinct(
    records.map(({ patient, study }) => study && JSON.stringify([patient, study])),
  );
  return {
    images: records.length,
    ...(patients > 0 && { patients }),
    ...(studies > 0 && { studies }),
  };
}

function countCategories(
  classes: ByClass<readonly ImageRecord[]>,
  valuesOf: (record: ImageRecord) => readonly string[],
): readonly CategoryCount[] {
  const counts = new Map<string, Record<ImageClass, number>>();
  for (const [name, records] of Object.entries(classes) as [ImageClass, ImageRecord[]][])
    for (const value of records.flatMap(valuesOf)) {
      const count = counts.get(value) ?? { normal: 0, abnormal: 0, unlabelled: 0 };
      count[name] += 1;
      counts.set(value, count);
    }
  const total = (count: CategoryCount) => count.normal + count.abnormal + count.unlabelled;
  return Array.from(counts, ([value, count]) => ({ value, ...count })).sort(
    (a, b) => total(b) - total(a) || (a.value < b.value ? -1 : 1),
  );
}
