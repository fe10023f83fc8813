import type { ImageSource } from '../images/image-source.js';
import { emptyLike, type ImageBatch, imageCount } from '../images/pixels.js';
import { imagesText } from '../images/problems.js';
import { received } from '../images/read-images.js';
import {
  check,
  checkIndices,
  checkKnownOptions,
  checkNumber,
  type OptionNames,
} from '../support/check.js';

/** What may be known of the images of a source, one entry per image. */
export type ImageFacts = Partial<Pick<ImageSource, 'ids' | 'labels' | 'patients' | 'recipe'>>;

/**
 * Makes a source of images that lie one after the other in one typed array, which is used in place.
 *
 * Images that a batch lacks by its `positions` are images of the source too, which it cannot read.
 *
 * @param images `pixels` [count, height, width, channels] flattened, the `shape` of one image, and what
 *   is known of them: `ids` (default `image-0`, `image-1`, ...), `labels` (default: all normal), `patients`
 * @returns the source; what it reads is copied
 * @throws EMPTY_SET, SHAPE_MISMATCH, LABELS_MISMATCH, INVALID_IMAGES where there are no pixels, INVALID_OPTION (a label other
 *   than 0 and 1), UNKNOWN_OPTION; on reading INDEX_OUT_OF_RANGE
 * @example
 * const train = arraySource({ pixels: new Uint8Array(100 * 64 * 64), shape: [64, 64, 1] });
 */
export function arraySource(
  images: ImageBatch & Partial<Pick<ImageSource, 'ids' | 'labels' | 'patients'>>,
): ImageSource {
  const source = sourceOfArrays('arraySource', images);
  checkKnownOptions('arraySource', images, arrayNames);
  return source;
}

/** The names of what `arraySource` takes; `indices` and the members of a source are those of a batch of `readInOrder`. */
const arrayNames: OptionNames<Parameters<typeof arraySource>[0] & ReadImages> = {
  pixels: true,
  shape: true,
  bitsStored: true,
  masks: true,
  positions: true,
  problems: true,
  ids: true,
  labels: true,
  patients: true,
  indices: true,
  length: true,
  read: true,
  locate: true,
  recipe: true,
};

/** What a batch that was read brings beside its images. */
type ReadImages = Partial<Pick<ImageSource, 'length' | 'read' | 'locate' | 'recipe'>> & {
  readonly indices?: unknown;
};

/** `arraySource` for the public call `where`. */
export function sourceOfArrays(where: string, images: ImageBatch & ImageFacts): ImageSource {
  const count = imageCount(where, images);
  const { pixels, shape, bitsStored, positions, recipe } = images;
  const length = count + (positions ? (images.problems?.length ?? 0) : 0);
  if (bitsStored !== undefined)
    checkNumber(where, 'bitsStored', bitsStored, { min: 1, max: 16, integer: true });
  check(length > 0, 'EMPTY_SET', () => `${where}: got no pixels; expected at least one image.`);
  const facts = checkFacts(where, length, images);
  const size = shape[0] * shape[1] * shape[2];
  const all = { where, indices: Array.from({ length }, (_, i) => i), ids: facts.ids };
  const problems = new Map(
    received(all, images).problems.map((problem) => [problem.index, problem]),
  );
  const rows = new Map(Array.from(positions ?? [], (place, row) => [place, row]));
  return {
    length,
    ...facts,
    ...(recipe && { recipe }),
    async read(indices, caller = `${where}.read`) {
      checkIndices(caller, 'indices', indices, length, 'image');
      const asked = Array.from(indices);
      const places = [...asked.keys()].filter((place) => !problems.has(asked[place]));
      const chosen = places.map((place) => rows.get(asked[place]) ?? asked[place]);
      const batch = emptyLike(pixels, chosen.length * size);
      chosen.forEach((row, i) => {
        batch.set(pixels.subarray(row * size, (row + 1) * size), i * size);
      });
      return {
        pixels: batch,
        shape,
        ...(bitsStored === undefined ? {} : { bitsStored }),
        ...masksOf(images, chosen),
        ...(places.length < asked.length && {
          positions: places,
          problems: asked.flatMap((index) => problems.get(index) ?? []),
        }),
      };
    },
  };
}

/** The masks of chosen images, one after the other; undefined where the batch has none. */
function masksOf(
  { masks, shape: [height, width] }: Pick<ImageBatch, 'masks' | 'shape'>,
  positions: ArrayLike<number>,
): { masks?: Uint8Array } {
  if (!masks) return {};
  const size = height * width;
  const chosen = new Uint8Array(positions.length * size);
  for (let i = 0; i < positions.length; i++)
    chosen.set(masks.subarray(positions[i] * size, (positions[i] + 1) * size), i * size);
  return { masks: chosen };
}

function checkFacts(
  where: string,
  length: number,
  { ids, labels, patients }: ImageFacts,
): Pick<ImageSource, 'ids' | 'labels' | 'patients'> {
  check(
    labels === undefined || labels.length === length,
    'LABELS_MISMATCH',
    () =>
      `${where}: got ${labels?.length} labels for ${imagesText(length)}; expected one per image.`,
    { labels: labels?.length, images: length },
  );
  for (const [name, list] of Object.entries({ ids, patients }))
    check(
      list === undefined || list.length === length,
      'SHAPE_MISMATCH',
      () =>
        `${where}: got ${list?.length} ${name} for ${imagesText(length)}; expected one per image.`,
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
