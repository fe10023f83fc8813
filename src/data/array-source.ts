import type { ImageSource } from '../images/image-source.js';
import { masksOf } from '../images/masks.js';
import { type ImageBatch, imageCount } from '../images/pixels.js';
import { allReadable, toUnreadable, unreadableOf } from '../images/unreadable.js';
import { check, checkIndices } from '../support/check.js';

/** What may be known of the images of a source, one entry per image. */
export interface ImageFacts {
  /** Names for results and reports; `image-0`, `image-1`, ... unless given. */
  readonly ids?: readonly string[];
  /** 0 = normal, 1 = known anomaly. */
  readonly labels?: ArrayLike<number>;
  /** Patient keys. */
  readonly patients?: readonly string[];
}

/**
 * Images that lie one after the other in one typed array, which is used in place. Those that a batch
 * names as `unreadable` stay so.
 *
 * @param images pixels [count, height, width, channels] flattened, the shape of one image, and what
 *   is known of them
 * @throws EMPTY_SET, SHAPE_MISMATCH, LABELS_MISMATCH, INVALID_OPTION (a label other than 0 and 1)
 * @example
 * const train = arraySource({ pixels: new Uint8Array(100 * 64 * 64), shape: [64, 64, 1] });
 */
export function arraySource(images: ImageBatch & ImageFacts): ImageSource {
  const { pixels, shape, bitsStored } = images;
  const length = imageCount('arraySource', images);
  check(length > 0, 'EMPTY_SET', () => 'arraySource: got no pixels; expected at least one image.');
  const facts = checkFacts('arraySource', length, images);
  const size = shape[0] * shape[1] * shape[2];
  const lost = unreadableReads(images);
  return {
    length,
    ...facts,
    async read(indices) {
      checkIndices('arraySource.read', 'indices', indices, length);
      const batch = emptyLike(pixels, indices.length * size);
      for (let i = 0; i < indices.length; i++)
        batch.set(pixels.subarray(indices[i] * size, (indices[i] + 1) * size), i * size);
      return {
        pixels: batch,
        shape,
        ...(bitsStored === undefined ? {} : { bitsStored }),
        ...masksOf(images, indices),
        ...(lost && toUnreadable(lost(indices))),
      };
    },
  };
}

/** What of a batch that holds unreadable images is unreadable in a read of `indices`; or undefined. */
function unreadableReads(images: ImageBatch) {
  if (allReadable(images)) return undefined;
  const reasons = new Map(unreadableOf(images).map(({ position, reason }) => [position, reason]));
  return (indices: ArrayLike<number>) =>
    Array.from(indices, (index, position) => {
      const reason = reasons.get(index);
      return reason ? [{ position, reason }] : [];
    }).flat();
}

/** An array of the same kind as `pixels`. */
export function emptyLike(pixels: ImageBatch['pixels'], length: number): ImageBatch['pixels'] {
  if (pixels instanceof Float32Array) return new Float32Array(length);
  if (pixels instanceof Uint16Array) return new Uint16Array(length);
  return new Uint8Array(length);
}

function checkFacts(
  where: string,
  length: number,
  { ids, labels, patients }: ImageFacts,
): Pick<ImageSource, 'ids' | 'labels' | 'patients'> {
  check(
    labels === undefined || labels.length === length,
    'LABELS_MISMATCH',
    () => `${where}: got ${labels?.length} labels for ${length} images; expected one per image.`,
    { labels: labels?.length, images: length },
  );
  for (const [name, list] of Object.entries({ ids, patients }))
    check(
      list === undefined || list.length === length,
      'SHAPE_MISMATCH',
      () => `${where}: got ${list?.length} ${name} for ${length} images; expected one per image.`,
      { [name]: list?.length, images: length },
    );
  for (let i = 0; labels && i < length; i++)
    check(
      labels[i] === 0 || labels[i] === 1,
      'INVALID_OPTION',
      () =>
        `${where}: labels[${i}] is ${labels[i]}; expected 0 (normal) or 1 (known anomaly); map other classes to these two.`,
      { position: i, value: labels[i] },
    );
  return {
    ids: ids ?? Array.from({ length }, (_, i) => `image-${i}`),
    ...(labels && { labels }),
    ...(patients && { patients }),
  };
}
