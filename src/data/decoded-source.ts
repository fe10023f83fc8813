import type { DecodedImage, Decoder } from '../decoding/decoder.js';
import { problemOf } from '../decoding/image-problem.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { type ImageProblem, problemError } from '../images/problems.js';
import { type ImageRequest, requestFor } from '../images/read-images.js';
import type { ImageRecord } from '../records/image-record.js';
import { checkChoice, checkIndices, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import { limit } from '../support/limit.js';
import type { SaladWarning } from '../support/warning.js';
import { assembleBatch } from './assemble-batch.js';
import { type DecodingOptions, decodingOptions } from './decoding-options.js';
import { defaultCacheBytes, imageCache } from './image-cache.js';
import { checkReading, readRecord, recipeOf } from './read-record.js';
import { recordFacts } from './record-facts.js';

/**
 * Makes a source of the images of records: each is opened and decoded when it is read, and the first of them stay in memory
 * (`cacheBytes`).
 *
 * Grey unless `channels` is 3. Without `size` the images of a batch must agree in theirs; with it, others
 * are resized by area and padded with black, unless `resize` says otherwise. Pixels are uint8 or uint16
 * as decoded where a whole batch agrees, else float32 in [0, 1].
 *
 * @param records what is known of each image; only some with a label, or only some with a patient, are refused
 * @param options `open` and `decoders`; all others have defaults
 * @returns the source: names, labels and patients of the records, and `read`
 * @throws EMPTY_SET | INVALID_RECORDS | INVALID_OPTION | UNKNOWN_OPTION; on reading INDEX_OUT_OF_RANGE, the decoder's
 *   IMAGE_... with the name of the image, MISSING_PEER, or SHAPE_MISMATCH naming two images
 * @example
 * const films = imageSource([{ path: 'a.png', label: 0 }], {
 *   open: async ({ path }) => new Uint8Array(await (await fetch(path)).arrayBuffer()),
 *   decoders: [browserImages()],
 *   size: [256, 256],
 * });
 */
export function imageSource(
  records: readonly ImageRecord[],
  options: DecodingOptions & {
    /** Gives the whole file of a record. */
    readonly open: (record: ImageRecord) => Promise<Uint8Array>;
    /** Each file is decoded by the first of these that accepts it. */
    readonly decoders: readonly Decoder[];
  },
): ImageSource {
  return decodedSource('imageSource', records, options);
}

/** Options of `imageSource`. */
export type ImageSourceOptions = Parameters<typeof imageSource>[1];

/** `imageSource` for the public call `where`. */
export function decodedSource(
  where: string,
  records: readonly ImageRecord[],
  options: ImageSourceOptions,
): ImageSource {
  const readRecords = recordReader(where, options);
  const facts = recordFacts(where, records);
  return {
    ...facts,
    recipe: recipeOf(checkReading(where, options)),
    async read(indices, caller = `${where}.read`) {
      checkIndices(caller, 'indices', indices, facts.length, 'image');
      const chosen = Array.from(indices, (index) => records[index]);
      return readRecords(requestFor(caller, facts, indices), chosen);
    },
  };
}

/** Decodes the images of records, and keeps what fits `cacheBytes`. */
export function recordReader(
  where: string,
  options: ImageSourceOptions,
): (request: ImageRequest, records: readonly ImageRecord[]) => Promise<ImageBatch> {
  checkKnownOptions(where, options, { open: true, ...decodingOptions });
  const { concurrency = 4, cacheBytes = defaultCacheBytes } = options;
  const { onUnreadable = 'error', onProblem, onWarning } = options;
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  checkNumber(where, 'cacheBytes', cacheBytes, { min: 0 });
  checkChoice(where, 'onUnreadable', onUnreadable, ['error', 'skip']);
  const reading = checkReading(where, options);
  checkFunction(where, 'onWarning', onWarning);
  const told = new Set<string>();
  const tell = (warning: SaladWarning) => {
    if (!told.has(warning.message)) onWarning?.(warning);
    told.add(warning.message);
  };
  const atMost = limit(concurrency);
  const keep = imageCache<ImageRecord>(cacheBytes);
  const { size = [1, 1], channels } = reading;
  return async ({ where: caller, indices, ids }, records) => {
    const decode = (record: ImageRecord) =>
      keep(record, () => atMost(() => readRecord(caller, record, reading, onWarning && tell)));
    const images: DecodedImage[] = [];
    const positions: number[] = [];
    const problems: ImageProblem[] = [];
    (await Promise.allSettled(records.map(decode))).forEach((outcome, place) => {
      if (outcome.status === 'fulfilled') {
        images.push(outcome.value);
        positions.push(place);
        return;
      }
      const problem = problemOf(outcome.reason, indices[place], ids[place]);
      if (onUnreadable === 'error') throw problemError(caller, problem, outcome.reason);
      onProblem?.(problem);
      problems.push(problem);
    });
    const came = positions.map((place) => ids[place]);
    const batch = assembleBatch(caller, images, came, [...size, channels]);
    return problems.length > 0 ? { ...batch, positions, problems } : batch;
  };
}
