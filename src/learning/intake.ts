import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ImagePool,
  type PreparedImages,
  prepareBatch,
  readImages,
  type Variation,
} from '../data/image-job.js';
import type { ImageProblem } from '../data/problem-report.js';
import { isLibraryNormalization } from '../images/image-normalization.js';
import type { ImageSource } from '../images/image-source.js';
import type { Preparation } from '../images/prepare.js';
import { Ahead } from '../support/ahead.js';
import { arrivals } from './arrivals.js';

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
