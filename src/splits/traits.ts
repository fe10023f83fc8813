import { quantile } from '../metrics/quantile.js';
import type { ImageRecord } from '../records/image-record.js';
import type { InspectedImages } from './inspect-images.js';
import { nameOf } from './split.js';

/** What an image has beside what a radiologist looks for. */
export type Trait =
  | 'view'
  | 'body part'
  | 'sex'
  | 'age'
  | 'original size'
  | 'image size'
  | 'brightness';

export const traits: readonly Trait[] = [
  'view',
  'body part',
  'sex',
  'age',
  'original size',
  'image size',
  'brightness',
];

/** An image's value of a trait: a category, or a number; undefined where it is not known. */
export function traitOf(
  record: ImageRecord,
  trait: Trait,
  inspected?: InspectedImages,
): string | number | undefined {
  const image = inspected?.get(nameOf(record));
  switch (trait) {
    case 'view':
      return record.view;
    case 'body part':
      return record.bodyPart;
    case 'sex':
      return record.sex;
    case 'age':
      return record.age;
    case 'original size':
      return record.originalSize && record.originalSize.height * record.originalSize.width;
    case 'image size':
      return image && image.height * image.width;
    case 'brightness':
      return image?.brightness;
  }
}

/** How numbers spread: five order statistics. */
export interface Spread {
  readonly images: number;
  readonly minimum: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly maximum: number;
}

/** Quartiles are linear between order statistics; undefined where there is no number. */
export function spreadOf(values: readonly unknown[]): Spread | undefined {
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
