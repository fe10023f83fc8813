import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { SaladWarning } from '../core/anomaly-score.js';
import {
  type ImagePool,
  type PreparedImages,
  prepareBatch,
  readImages,
  type Variation,
} from '../data/image-job.js';
import type { ImageProblem } from '../data/problem-report.js';
import { tensorSource } from '../data/tensor-source.js';
import { isLibraryNormalization } from '../images/image-normalization.js';
import type { ImageSource } from '../images/image-source.js';
import type { Preparation } from '../images/prepare.js';
import { readablePositions, unreadableOf } from '../images/unreadable.js';
import { Ahead } from '../support/ahead.js';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/** Images as a source, or as a tensor [count, height, width, channels] in [0, 1]. */
export type Images = ImageSource | Tensor4D;

/** A source, whichever form was given. @throws INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH */
export async function asSource(where: string, images: Images): Promise<ImageSource> {
  check(
    typeof images === 'object' && images !== null,
    'INVALID_IMAGES',
    () =>
      `${where}: images is ${String(images)}; expected an ImageSource or a tensor [count, height, width, channels].`,
  );
  const source = images instanceof tf.Tensor ? await tensorSource(images) : images;
  check(
    typeof source.read === 'function' && Array.isArray(source.ids),
    'INVALID_IMAGES',
    () =>
      `${where}: images has no read() and ids; expected an ImageSource (see arraySource) or a tensor [count, height, width, channels].`,
  );
  check(
    source.ids.length === source.length,
    'INVALID_IMAGES',
    () =>
      `${where}: the image source has ${source.ids.length} ids for ${source.length} images; expected one per image.`,
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
      `${where}: the image source has ${labels.length} labels for ${source.length} images; expected one per image.`,
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

/** How images reach a network: what is done to them before it, and on which threads. */
export interface ImageIntake {
  readonly preparation: Preparation;
  /** Without one they are prepared here. */
  readonly imagePool?: ImagePool;
}

/** How many batches are worth having on their way. */
export function batchesAhead({ imagePool }: ImageIntake): number {
  return imagePool ? imagePool.size + 1 : 1;
}

/** Reads and prepares the images at `indices`, and varies them where asked to. */
export async function readPrepared(
  source: ImageSource,
  indices: ArrayLike<number>,
  { preparation, imagePool }: ImageIntake,
  variation?: Variation,
): Promise<PreparedImages> {
  const { normalization, ...rest } = preparation;
  // The code of a customNormalization cannot be sent.
  if (!imagePool || !isLibraryNormalization(normalization.name)) {
    return prepareBatch(await readImages(source, indices), preparation, variation);
  }
  const { name, options } = normalization;
  const images = source.locate?.(indices) ?? (await readImages(source, indices));
  const sent = { ...rest, normalization: { name, options } };
  return imagePool.run({ images, preparation: sent, variation });
}

/** Prepared images as a tensor, [count, ...inputShape]. */
export function toTensor(values: Float32Array, { inputShape }: Preparation): Tensor4D {
  const size = inputShape[0] * inputShape[1] * inputShape[2];
  return tf.tensor4d(values, [values.length / size, ...inputShape]);
}

/** Which of the images at `indices` came, and what was wrong with the others. */
export interface Arrivals {
  readonly indices: Int32Array;
  readonly problems: readonly ImageProblem[];
}

/** What came of a read of the images at `indices`. */
export function arrivals(
  { ids }: Pick<ImageSource, 'ids'>,
  indices: Int32Array,
  prepared: PreparedImages,
): Arrivals {
  if (!prepared.unreadable) return { indices, problems: [] };
  const kept = readablePositions(indices.length, prepared);
  return {
    indices: Int32Array.from(kept, (position) => indices[position]),
    problems: unreadableOf(prepared).map(({ position, reason }) => {
      const index = indices[position];
      return { index, id: ids[index], code: reason.code, message: reason.message };
    }),
  };
}

/** Indices of the images of a source besides those that could not be read. */
export function readIndices(
  { length }: Pick<ImageSource, 'length'>,
  problems: readonly ImageProblem[],
): number[] {
  return readablePositions(length, { unreadable: problems.map(({ index }) => index) });
}

/** Says that images have no score. */
export function unreadableWarning(
  where: string,
  problems: readonly ImageProblem[],
  { length }: Pick<ImageSource, 'length'>,
): SaladWarning {
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${problems.length} of ${length} images could not be read and have no score; see unreadable in the result.`,
  };
}

/** Refuses what could not be read, where a result has no place for an image that is missing. */
export function checkAllRead(where: string, problems: readonly ImageProblem[]): void {
  if (problems.length === 0) return;
  const [{ id, code, message }] = problems;
  throw new SaladError(
    'IMAGE_UNREADABLE',
    `${where}: ${problems.length} images could not be read, the first is '${id}' (${code}: ${message}); expected every image; leave those out, see checkImages.`,
    { problems },
  );
}

/**
 * The whole source in order, a batch of prepared images at a time; each tensor is freed after its turn.
 *
 * @returns the images that could not be read; a batch with none left is not visited.
 */
export async function forEachBatch(
  source: ImageSource,
  batchSize: number,
  intake: ImageIntake,
  visit: (images: Tensor4D, indices: Int32Array) => void | Promise<void>,
): Promise<ImageProblem[]> {
  const indicesOf = (batch: number) => {
    const first = batch * batchSize;
    const count = Math.min(batchSize, source.length - first);
    return Int32Array.from({ length: count }, (_, i) => first + i);
  };
  const read = (batch: number) => readPrepared(source, indicesOf(batch), intake);
  const count = Math.ceil(source.length / batchSize);
  const batches = new Ahead(read, count, batchesAhead(intake));
  const problems: ImageProblem[] = [];
  for (let batch = 0; batch < count; batch++) {
    const prepared = await batches.take(batch);
    const came = arrivals(source, indicesOf(batch), prepared);
    problems.push(...came.problems);
    if (came.indices.length === 0) continue;
    const images = toTensor(prepared.images, intake.preparation);
    try {
      await visit(images, came.indices);
    } finally {
      images.dispose();
    }
  }
  return problems;
}

/**
 * 0 .. size-1 in the given order, cut into ceil(size / batchSize) batches of equal size within one, so
 * that no last batch is tiny.
 */
export function evenBatches(order: Int32Array, batchSize: number): Int32Array[] {
  const count = Math.ceil(order.length / batchSize);
  return Array.from({ length: count }, (_, i) =>
    order.slice(
      Math.floor((i * order.length) / count),
      Math.floor(((i + 1) * order.length) / count),
    ),
  );
}
