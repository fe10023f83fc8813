import type { ImageSource } from '../images/image-source.js';
import { emptyLike, type ImageBatch, imageCount } from '../images/pixels.js';
import { problemsIn } from '../images/read-images.js';
import { check, checkIndices } from '../support/check.js';

/** What may be known of the images of a source, one entry per image. */
export interface ImageFacts {
  /**
   * Names for results and reports.
   *
   * @defaultValue `image-0`, `image-1`, ...
   */
  readonly ids?: readonly string[];
  /** 0 = normal, 1 = known anomaly. */
  readonly labels?: ArrayLike<number>;
  /** Patient keys. */
  readonly patients?: readonly string[];
}

/**
 * Images that lie one after the other in one typed array, which is used in place. Those that a batch
 * lacks by its `positions` are images of the source too, which it cannot read.
 *
 * @param images pixels [count, height, width, channels] flattened, the shape of one image, and what
 *   is known of them
 * @throws EMPTY_SET, SHAPE_MISMATCH, LABELS_MISMATCH, INVALID_OPTION (a label other than 0 and 1)
 * @example
 * const train = arraySource({ pixels: new Uint8Array(100 * 64 * 64), shape: [64, 64, 1] });
 */
export function arraySource(images: ImageBatch & ImageFacts): ImageSource {
  const where = 'arraySource';
  const { pixels, shape, bitsStored, positions } = images;
  const count = imageCount(where, images);
  const length = count + (positions ? (images.problems?.length ?? 0) : 0);
  check(length > 0, 'EMPTY_SET', () => `${where}: got no pixels; expected at least one image.`);
  const facts = checkFacts(where, length, images);
  const size = shape[0] * shape[1] * shape[2];
  const all = { indices: Array.from({ length }, (_, i) => i), ids: facts.ids };
  const problems = new Map(problemsIn(all, images).map((problem) => [problem.index, problem]));
  const rows = new Map(positions?.map((place, row) => [place, row]));
  return {
    length,
    ...facts,
    async read(indices, caller = `${where}.read`) {
      checkIndices(caller, 'indices', indices, length);
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
