import type { DecodedImage } from '../decoding/decoder.js';
import { isImageProblem, messageOf } from '../decoding/image-problem.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { type ImageProblem, problemError } from '../images/problems.js';
import { type ImageRequest, requestFor } from '../images/read-images.js';
import type { ImageRecord } from '../records/image-record.js';
import { checkChoice, checkIndices, checkKnownOptions, checkNumber } from '../support/check.js';
import type { SaladError } from '../support/errors.js';
import { limit } from '../support/limit.js';
import { assembleBatch, type NamedImage } from './assemble-batch.js';
import { defaultCacheBytes, imageCache } from './image-cache.js';
import { checkReading, type RecordReading, readRecord } from './read-record.js';
import { recordFacts } from './record-facts.js';

/** Options of every source that decodes files, whatever it reads them from. */
export interface DecodingOptions extends Partial<Omit<RecordReading, 'open'>> {
  /**
   * Images that are read and decoded at a time, over all reads that go on.
   *
   * @defaultValue 4
   */
  readonly concurrency?: number;
  /**
   * Bytes of decoded, resized images that the source keeps in memory, so that those are decoded once; 0 keeps none. First
   * come, first kept.
   *
   * @defaultValue 2^28, 256 MiB
   */
  readonly cacheBytes?: number;
  /**
   * `error`: a read of an image that cannot be had fails. `skip`: the batch lacks it and says why.
   *
   * @defaultValue 'error'
   */
  readonly onUnreadable?: 'error' | 'skip';
  /** Told of every image that is skipped, as often as it is. */
  onProblem?(problem: ImageProblem): void;
}

/** Options of `imageSource`. */
export type ImageSourceOptions = DecodingOptions & Pick<RecordReading, 'open' | 'decoders'>;

export const decodingOptionNames = [
  'decoders',
  'transform',
  'channels',
  'size',
  'resize',
  'maxPixels',
  'concurrency',
  'cacheBytes',
  'onUnreadable',
  'onProblem',
] as const satisfies readonly (keyof DecodingOptions)[];

/**
 * The images of records, each opened and decoded when it is asked for; the first of them stay in memory, see
 * `cacheBytes`.
 *
 * Grey unless `channels` is 3. Without `size` the images of a batch must agree in theirs; with it, others
 * are resized by area and padded with black, unless `resize` says otherwise. Pixels are uint8 or uint16
 * as decoded where a whole batch agrees, else float32 in [0, 1].
 *
 * @throws EMPTY_SET | INVALID_RECORDS | INVALID_OPTION | UNKNOWN_OPTION; on reading the decoder's
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
  options: ImageSourceOptions,
): ImageSource {
  return decodedSource('imageSource', records, options);
}

/** `imageSource` by the name of the function that the user called. */
export function decodedSource(
  where: string,
  records: readonly ImageRecord[],
  options: ImageSourceOptions,
): ImageSource {
  const readRecords = recordReader(where, options);
  const facts = recordFacts(where, records);
  return {
    ...facts,
    async read(indices, caller = `${where}.read`) {
      checkIndices(caller, 'indices', indices, facts.length);
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
  checkKnownOptions(where, options, ['open', ...decodingOptionNames]);
  const { concurrency = 4, cacheBytes = defaultCacheBytes } = options;
  const { onUnreadable = 'error', onProblem } = options;
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  checkNumber(where, 'cacheBytes', cacheBytes, { min: 0 });
  checkChoice(where, 'onUnreadable', onUnreadable, ['error', 'skip']);
  const reading = checkReading(where, options);
  const atMost = limit(concurrency);
  const keep = imageCache<ImageRecord>(cacheBytes);
  const { size = [1, 1], channels } = reading;
  return async ({ where: caller, indices, ids }, records) => {
    const decoded = (record: ImageRecord): Promise<DecodedImage | SaladError> =>
      keep(record, () => atMost(() => readRecord(caller, record, reading))).catch((error) => {
        if (isImageProblem(error)) return error;
        throw error;
      });
    const images: NamedImage[] = [];
    const positions: number[] = [];
    const problems: ImageProblem[] = [];
    (await Promise.all(records.map(decoded))).forEach((image, place) => {
      const id = ids[place];
      if (!(image instanceof Error)) {
        images.push({ ...image, id });
        positions.push(place);
        return;
      }
      const problem = { index: indices[place], id, code: image.code, message: messageOf(image) };
      if (onUnreadable === 'error') throw problemError(caller, problem, image);
      onProblem?.(problem);
      problems.push(problem);
    });
    const batch = assembleBatch(caller, images, [...size, channels]);
    return problems.length > 0 ? { ...batch, positions, problems } : batch;
  };
}
