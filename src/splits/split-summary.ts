import { quantile } from '../metrics/quantile.js';
import type { ImageRecord } from '../records/image-record.js';
import { checkKnownOptions } from '../support/check.js';
import { type Attribute, attributeOf } from './attributes.js';
import { shortcutsOf } from './find-shortcuts.js';
import type { InspectedImages } from './inspect-images.js';
import type { Shortcut } from './shortcut.js';
import { checkParts, type Split } from './split.js';

/**
 * What one part of a split holds; JSON.
 *
 * @example
 * const [train]: readonly PartSummary[] = splitSummary(split.parts);
 * console.log(train.classes.normal.images, train.ages.normal?.median);
 */
export interface PartSummary {
  /** Name of the part. */
  readonly part: string;
  /** How many images. */
  readonly images: number;
  /** How many patients; absent where no image has one. */
  readonly patients?: number;
  /** How many studies; absent where no image has one. */
  readonly studies?: number;
  /** The same counts by class; `unlabelled` images have no label. */
  readonly classes: Readonly<
    Record<
      'normal' | 'abnormal' | 'unlabelled',
      {
        /** How many images. */
        readonly images: number;
        /** How many patients; absent where no image has one. */
        readonly patients?: number;
        /** How many studies; absent where no image has one. */
        readonly studies?: number;
      }
    >
  >;
  /** How many images of each class have a finding, most common first; an image with two findings counts for both. */
  readonly findings: readonly {
    /** The finding. */
    readonly value: string;
    /** How many images have it, by class. */
    readonly images: Readonly<Record<'normal' | 'abnormal' | 'unlabelled', number>>;
  }[];
  /** The same for views. */
  readonly views: PartSummary['findings'];
  /** The same for body parts. */
  readonly bodyParts: PartSummary['findings'];
  /** The same for sexes. */
  readonly sexes: PartSummary['findings'];
  /** Five order statistics of the age in years, by class; undefined where no age is known. */
  readonly ages: Readonly<
    Record<
      'normal' | 'abnormal' | 'unlabelled',
      | {
          /** How many images have a value. */
          readonly images: number;
          /** The least. */
          readonly minimum: number;
          /** A quarter of the values lies below; linear between order statistics, as the next two. */
          readonly lowerQuartile: number;
          /** Half of the values lies below. */
          readonly median: number;
          /** A quarter of the values lies above. */
          readonly upperQuartile: number;
          /** The greatest. */
          readonly maximum: number;
        }
      | undefined
    >
  >;
  /** The same of height x width in pixels, where images were inspected. */
  readonly imageSizes: PartSummary['ages'];
  /** The same of the mean over the pixels, in [0, 1], where images were inspected. */
  readonly brightness: PartSummary['ages'];
  /** The same of the sharpness, see `InspectedImages`, where images were inspected. */
  readonly sharpness: PartSummary['ages'];
  /** How well each attribute alone tells the classes apart, the clearest first; empty for a part of one class. */
  readonly shortcuts: readonly Shortcut[];
}

/** A class of images. */
export type ImageClass = keyof PartSummary['classes'];

/**
 * Counts images, patients and studies by part and class, and finds shortcuts: attributes that tell the classes apart without any
 * pathology.
 *
 * A detector may score well on the view, the age or the brightness of an image alone. Each such attribute comes with the area
 * under the ROC curve that it reaches by itself: a score near it is no proof that the disease was seen.
 *
 * @param parts records by part
 * @param options `inspected`
 * @returns one summary for each part, in the order given
 * @throws UNKNOWN_OPTION, INVALID_OPTION
 * @see Geirhos et al. 2020, Shortcut learning in deep neural networks (Nature Machine Intelligence 2).
 * @example
 * console.log(summaryText(splitSummary(split.parts)));
 */
export function splitSummary(
  parts: Split['parts'],
  options: {
    /**
     * What `inspectImages` returned: image sizes, brightness and sharpness.
     * @defaultValue they are left out
     */
    readonly inspected?: InspectedImages;
  } = {},
): readonly PartSummary[] {
  checkKnownOptions('splitSummary', options, { inspected: true });
  const { inspected } = options;
  checkParts('splitSummary', parts);
  return Object.entries(parts).map(([part, records]) => {
    const classes = byClass(records);
    const categories = (values: (record: ImageRecord) => readonly string[]) =>
      countCategories(classes, values);
    const spreads = (attribute: Attribute) =>
      mapClasses(classes, (members) =>
        spreadOf(members.map((record) => attributeOf(record, attribute, inspected))),
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
      imageSizes: spreads('imageSize'),
      brightness: spreads('brightness'),
      sharpness: spreads('sharpness'),
      shortcuts: shortcutsOf(classes.normal, classes.abnormal, inspected),
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

function countsOf(records: readonly ImageRecord[]): PartSummary['classes']['normal'] {
  const distinct = (values: readonly (string | undefined)[]) =>
    new Set(values.filter((value) => value !== undefined)).size;
  const patients = distinct(records.map(({ patient }) => patient));
  // The number of a study may start from 1 for every patient.
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
): PartSummary['findings'] {
  const counts = new Map<string, Record<ImageClass, number>>();
  for (const [name, records] of Object.entries(classes) as [ImageClass, ImageRecord[]][])
    for (const value of records.flatMap(valuesOf)) {
      const count = counts.get(value) ?? { normal: 0, abnormal: 0, unlabelled: 0 };
      count[name] += 1;
      counts.set(value, count);
    }
  const total = ({ normal, abnormal, unlabelled }: Record<ImageClass, number>) =>
    normal + abnormal + unlabelled;
  return Array.from(counts, ([value, images]) => ({ value, images })).sort(
    (a, b) => total(b.images) - total(a.images) || (a.value < b.value ? -1 : 1),
  );
}

/** Five order statistics; quartiles are linear between two. Undefined where there is no number. */
function spreadOf(values: readonly unknown[]): PartSummary['ages']['normal'] {
  const sorted = Float64Array.from(values.filter((value) => typeof value === 'number')).sort();
  if (sorted.length === 0) return undefined;
  const at = (probability: number) => quantile(sorted, probability);
  return {
    images: sorted.length,
    minimum: at(0),
    lowerQuartile: at(0.25),
    median: at(0.5),
    upperQuartile: at(0.75),
    maximum: at(1),
  };
}
