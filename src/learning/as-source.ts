import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { sourceOfTensor } from '../data/tensor-source.js';
import { checkSource, type ImageSource } from '../images/image-source.js';
import { imagesText } from '../images/problems.js';
import { check, said } from '../support/check.js';

/** Images as a source, or as a tensor [count, height, width, channels] in [0, 1]. */
export type Images = ImageSource | Tensor4D;

/** A source, whichever form was given. @throws INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH */
export async function asSource(
  where: string,
  images: Images,
  name = 'images',
): Promise<ImageSource> {
  const source = images instanceof tf.Tensor ? await sourceOfTensor(where, images) : images;
  checkSource(where, source, ' or a tensor [count, height, width, channels]', name);
  check(
    source.ids.length === source.length,
    'INVALID_IMAGES',
    () =>
      `${where}: the image source has ${source.ids.length} ids for ${imagesText(source.length)}; expected one per image.`,
  );
  check(
    source.length > 0,
    'EMPTY_SET',
    () => `${where}: the image source is empty; expected at least one image.`,
  );
  const labels = Array.from(source.labels ?? []);
  check(
    !source.labels || labels.length === source.length,
    'LABELS_MISMATCH',
    () =>
      `${where}: the image source has ${labels.length} labels for ${imagesText(source.length)}; expected one per image.`,
  );
  const odd = labels.findIndex((label) => label !== 0 && label !== 1);
  check(
    odd === -1,
    'LABELS_MISMATCH',
    () =>
      `${where}: labels[${odd}] of the image source is ${labels[odd]}; expected 0 (normal) or 1 (known anomaly).`,
  );
  return source;
}

/** Batches that can be gone through, or INVALID_OPTION. */
export function checkBatches(
  where: string,
  batches: AsyncIterable<Images> | Iterable<Images>,
): void {
  const { [Symbol.asyncIterator]: inTime, [Symbol.iterator]: atOnce } = Object(batches);
  check(
    typeof inTime === 'function' || typeof atOnce === 'function',
    'INVALID_OPTION',
    () =>
      `${where}: batches is ${said(batches)}; expected an iterable of sources or tensors, readInOrder(films) say; one source or tensor is for score.`,
  );
}
