import type { ImageSource } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { Ahead } from '../support/ahead.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { arraySource } from './array-source.js';
import { readImages } from './image-job.js';

/** Options of `readInOrder`. */
export interface ReadInOrderOptions {
  /** Images of a batch; the last may have fewer. 32 unless told. */
  readonly batchSize?: number;
  /** Batches being read at a time; 2 unless told. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/** A batch of a source: its images, and a source of them alone. */
export interface ReadBatch extends ImageBatch, ImageSource {
  /** Where its images are in the source that was read. */
  readonly indices: readonly number[];
}

/**
 * The images of a source from first to last, a batch at a time, while the next batches are being read.
 *
 * Order and content are the same for any `concurrency`; memory is that of one batch more. A batch can be
 * scored as it is, so `model.scoreStream` takes what this returns.
 *
 * @throws what reading throws, at the batch that fails; `signal.reason` once aborted; EMPTY_SET, INVALID_OPTION
 * @example
 * for await (const { indices, ids, pixels } of readInOrder(films, { batchSize: 16 })) show(ids, pixels);
 */
export async function* readInOrder(
  source: ImageSource,
  options: ReadInOrderOptions = {},
): AsyncGenerator<ReadBatch, void> {
  const where = 'readInOrder';
  checkKnownOptions(where, options, ['batchSize', 'concurrency', 'signal']);
  const { batchSize = 32, concurrency = 2, signal } = options;
  checkNumber(where, 'batchSize', batchSize, { min: 1, integer: true });
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  const indicesOf = (batch: number) => {
    const first = batch * batchSize;
    const count = Math.min(batchSize, source.length - first);
    return Array.from({ length: count }, (_, i) => first + i);
  };
  const count = Math.ceil(source.length / batchSize);
  const read = (batch: number) => readImages(source, indicesOf(batch));
  const batches = new Ahead(read, count, concurrency);
  for (let batch = 0; batch < count; batch++) {
    signal?.throwIfAborted();
    const images = await batches.take(batch);
    signal?.throwIfAborted();
    yield asReadBatch(source, indicesOf(batch), images);
  }
}

function asReadBatch(
  { ids, labels, patients }: ImageSource,
  indices: readonly number[],
  batch: ImageBatch,
): ReadBatch {
  const facts = {
    ids: indices.map((i) => ids[i]),
    ...(labels && { labels: indices.map((i) => labels[i]) }),
    ...(patients && { patients: indices.map((i) => patients[i]) }),
  };
  return { ...batch, ...arraySource({ ...batch, ...facts }), indices };
}
