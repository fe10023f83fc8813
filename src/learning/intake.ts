import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImagePool } from '../data/image-job.js';
import { isLibraryNormalization } from '../images/image-normalization.js';
import type { ImageSource } from '../images/image-source.js';
import type { Preparation, PreparedImages, Variation } from '../images/preparation.js';
import { checkAllRead, type ImageProblem } from '../images/problems.js';
import { received, requestFor } from '../images/read-images.js';
import { inTurn } from '../support/ahead.js';
import { prepareInPieces } from './prepare-in-pieces.js';

/** How images reach a network: what is done to them before it, and on which threads. */
export interface ImageIntake {
  readonly preparation: Preparation;
  /** Without one they are prepared here. */
  readonly imagePool?: ImagePool;
  /** Sees every batch of images as they were prepared. */
  readonly see?: (prepared: PreparedImages) => void;
  /** Ends the reading by its reason; without one it goes on to its end. */
  readonly signal?: AbortSignal;
}

/** How many batches are prepared before their step. */
export function batchesAhead({ imagePool }: ImageIntake): number {
  return imagePool ? imagePool.concurrency + 1 : 1;
}

/** Reads and prepares the images at `indices`, and varies them where asked to. */
export async function readPrepared(
  where: string,
  source: ImageSource,
  indices: ArrayLike<number>,
  intake: ImageIntake,
  variation?: Variation,
): Promise<PreparedImages> {
  const prepared = await preparedBatch(where, source, indices, intake, variation);
  intake.see?.(prepared);
  return prepared;
}

async function preparedBatch(
  where: string,
  source: ImageSource,
  indices: ArrayLike<number>,
  { preparation, imagePool }: ImageIntake,
  variation?: Variation,
): Promise<PreparedImages> {
  const request = requestFor(where, source, indices);
  // The code of a customNormalization cannot be sent.
  if (imagePool && isLibraryNormalization(preparation.imageNormalization.name)) {
    const images = source.locate?.(indices) ?? (await source.read(indices, where));
    return imagePool.run({ request, images, preparation: preparation.toJSON(), variation });
  }
  const images = received(request, await source.read(indices, where));
  return prepareInPieces(images, preparation, { where, variation });
}

/**
 * Reads and prepares a source to its end for nothing but its errors: a run of days should not find a damaged image, or a decoder that
 * is missing, after it.
 *
 * @returns the images that could not be read, of a source that leaves such out
 * @throws what reading throws; IMAGE_UNREADABLE where none could be read
 */
export async function checkReadable(
  where: string,
  source: ImageSource,
  intake: ImageIntake,
): Promise<ImageProblem[]> {
  const all = Int32Array.from({ length: source.length }, (_, i) => i);
  const problems: ImageProblem[] = [];
  for await (const batch of preparedBatches(where, source, all, 64, intake))
    problems.push(...batch.problems);
  if (problems.length === source.length) checkAllRead(where, problems);
  return problems;
}

/** Prepared images as a tensor, [count, ...inputShape]. */
export function toTensor(values: Float32Array, { inputShape }: Preparation): Tensor4D {
  const size = inputShape[0] * inputShape[1] * inputShape[2];
  return tf.tensor4d(values, [values.length / size, ...inputShape]);
}

/** The images at `indices` of a source, a prepared batch at a time, while the next ones are on their way. */
export function preparedBatches(
  where: string,
  source: ImageSource,
  indices: Int32Array,
  batchSize: number,
  intake: ImageIntake,
): AsyncGenerator<PreparedImages, void> {
  const read = (batch: number) => {
    const chosen = indices.subarray(batch * batchSize, (batch + 1) * batchSize);
    return readPrepared(where, source, chosen.slice(), intake);
  };
  const count = Math.ceil(indices.length / batchSize);
  return inTurn(read, count, batchesAhead(intake), intake.signal);
}

/**
 * The whole source in order, a batch of prepared images at a time; each tensor is freed after its turn.
 *
 * @returns the images that could not be read; a batch with none left is not visited.
 */
export async function forEachBatch(
  where: string,
  source: ImageSource,
  batchSize: number,
  intake: ImageIntake,
  visit: (images: Tensor4D, indices: Int32Array) => void | Promise<void>,
): Promise<ImageProblem[]> {
  const all = Int32Array.from({ length: source.length }, (_, i) => i);
  const problems: ImageProblem[] = [];
  for await (const batch of preparedBatches(where, source, all, batchSize, intake)) {
    problems.push(...batch.problems);
    if (batch.indices.length === 0) continue;
    const images = toTensor(batch.images, intake.preparation);
    try {
      await visit(images, batch.indices);
    } finally {
      images.dispose();
    }
  }
  return problems;
}
