import type { ImageRecord } from '../records/image-record.js';
import type { InspectedImages } from './inspect-images.js';
import type { Shortcut } from './shortcut.js';
import { nameOf } from './split.js';

/** A recorded property of an image that is no pathology. */
export type Attribute = Shortcut['attribute'];

/** All of them, in the order of tables. */
export const attributes: readonly Attribute[] = [
  'view',
  'bodyPart',
  'sex',
  'age',
  'originalSize',
  'imageSize',
  'brightness',
  'sharpness',
  'localContrast',
  'fineTexture',
];

/** An image's value of an attribute: a category, or a number; undefined where it is not known. */
export function attributeOf(
  record: ImageRecord,
  attribute: Attribute,
  inspected?: InspectedImages,
): string | number | undefined {
  const image = inspected?.get(nameOf(record));
  switch (attribute) {
    case 'view':
      return record.view;
    case 'bodyPart':
      return record.bodyPart;
    case 'sex':
      return record.sex;
    case 'age':
      return record.age;
    case 'originalSize':
      return record.originalSize && record.originalSize.height * record.originalSize.width;
    case 'imageSize':
      return image && image.height * image.width;
    case 'brightness':
      return image?.brightness;
    case 'sharpness':
    case 'localContrast':
    case 'fineTexture':
      return image?.[attribute];
  }
}
