import { checkSource, type ImageSource } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { readImages } from '../images/read-images.js';
import { inTurn } from '../support/ahead.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { sourceOfArrays } from './array-source.js';

/** A batch of a source: its images, and a source of them alone. */
export type ReadBatch = ImageBatch & ImageSource & { readonly indices: readonly number[] };

/**
 * Reads the images of a source from first to last, a batch at a time, while the next batches are being read.
 *
 * Order and content are the same for any `concurrency`; memory is that of one batch more. A batch can be
 * scored as it is, so `model.scoreStream` takes what this returns.
 *
 * @param source the images
 * @param options `batchSize`, `concurrency`, `signal`
 * @returns batches; each is a source of its images as well, and `indices` say where these are in `source`, unreadable ones
 *   among them
 * @throws at the batch that fails: INDEX_OUT_OF_RANGE, INVALID_IMAGES, LABELS_MISMATCH, SHAPE_MISMATCH and whatever reading
 *   throws; `signal.reason` once aborted; EMPTY_SET, INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * for await (const { indices, ids, pixels } of readInOrder(films, { batchSize: 16 })) show(ids, pixels);
 */
export async function* readInOrder(
  source: ImageSource,
  options: {
    /**
     * Images of a batch; the last may have fewer.
     *
     * @defaultValue 32
     */
    readonly batchSize?: number;
    /**
     * How many batches are read at once.
     *
     * @defaultValue 2
     */
    readonly concurrency?: number;
    /** Ends the reading with `signal.reason`; absent: it goes on to the end. */
    readonly signal?: AbortSignal;
  } = {},
): AsyncGenerator<
  ImageBatch &
    ImageSource & {
      /** [images]: their places in `source`. */ readonly indices: readonly number[];
    },
  void
> {
  const where = 'readInOrder';
  checkKnownOptions(where, options, { batchSize: true, concurrency: true, signal: true });
  const { batchSize = 32, concurrency = 2, signal } = options;
  checkNumber(where, 'batchSize', batchSize, { min: 1, integer: true });
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  checkSource(where, source, '', 'source');
  const read = (batch: number) => {
    const first = batch * batchSize;
    const size = Math.min(batchSize, source.length - first);
    return readBatch(where, source, first, size);
  };
  const count = Math.ceil(source.length / batchSize);
  signal?.throwIfAborted();
  for await (const batch of inTurn(read, count, concurrency, signal)) {
    signal?.throwIfAborted();
    yield batch;
    signal?.throwIfAborted();
  }
}

async function readBatch(
  where: string,
  source: ImageSource,
  first: number,
  size: number,
): Promise<ReadBatch> {
  const indices = Array.from({ length: size }, (_, i) => first + i);
  const { indices: _, ids: __, problems, ...batch } = await readImages(where, source, indices);
  const { ids, labels, patients, recipe } = source;
  const facts = {
    ids: indices.map((i) => ids[i]),
    ...(labels && { labels: indices.map((i) => labels[i]) }),
    ...(patients && { patients: indices.map((i) => patients[i]) }),
    ...(recipe && { recipe }),
  };
  const lost = problems.map((problem) => ({ ...problem, index: problem.index - first }));
  const images = { ...batch, ...(lost.length > 0 && { problems: lost }) };
  return { ...images, ...sourceOfArrays(where, { ...images, ...facts }), indices };
}
