import type { DecodedImage } from '../decoding/decoder.js';
import { isImageProblem, messageOf } from '../decoding/image-problem.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import type { ImageSource } from '../images/image-source.js';
import { checkResizePolicy } from '../images/resize.js';
import { toUnreadable } from '../images/unreadable.js';
import type { ImageRecord } from '../records/image-record.js';
import {
  check,
  checkChoice,
  checkIndices,
  checkKnownOptions,
  checkNumber,
} from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { limit } from '../support/limit.js';
import { assembleBatch } from './assemble-batch.js';
import type { ImageProblem } from './problem-report.js';
import { type RecordReading, readRecord } from './read-record.js';
import { recordFacts } from './record-facts.js';

/** Options of every source that decodes files, whatever it reads them from. */
export interface DecodingOptions extends Partial<Omit<RecordReading, 'open'>> {
  /** Images that are read and decoded at a time, over all reads that go on; 4 unless told. */
  readonly concurrency?: number;
  /** `error`, unless told: a read of an image that cannot be had fails. `skip`: its pixels are 0 and the batch names it. */
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
  'onUnreadable',
  'onProblem',
] as const satisfies readonly (keyof DecodingOptions)[];

/**
 * The images of records, each opened and decoded when it is asked for; nothing is kept.
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
  const where = 'imageSource';
  checkKnownOptions(where, options, ['open', ...decodingOptionNames]);
  const { concurrency = 4, onUnreadable = 'error', onProblem } = options;
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  checkChoice(where, 'onUnreadable', onUnreadable, ['error', 'skip']);
  const reading = checkReading(where, options);
  const facts = recordFacts(where, records);
  const { length, ids } = facts;
  const atMost = limit(concurrency);
  return {
    ...facts,
    async read(indices) {
      checkIndices(`${where}.read`, 'indices', indices, length);
      const outcomes = await Promise.all(
        Array.from(indices, (i) => atMost(() => imageOrProblem(records[i], reading))),
      );
      const found = outcomes.flatMap((outcome, position) =>
        outcome instanceof Error ? [{ position, index: indices[position], error: outcome }] : [],
      );
      if (onUnreadable === 'error' && found.length > 0)
        throw withName(found[0].error, ids[found[0].index]);
      const unreadable = found.map(({ position, index, error }) => {
        const reason = { code: error.code, message: messageOf(error) };
        onProblem?.({ index, id: ids[index], ...reason });
        return { position, reason };
      });
      const images = outcomes.map((outcome) => (outcome instanceof Error ? undefined : outcome));
      const { size = [1, 1], channels } = reading;
      const batch = assembleBatch(`${where}.read`, images, (i) => ids[indices[i]], [
        ...size,
        channels,
      ]);
      return { ...batch, ...toUnreadable(unreadable) };
    },
  };
}

function checkReading(where: string, options: ImageSourceOptions): RecordReading {
  const {
    open,
    decoders,
    transform,
    channels = 1,
    size,
    resize = { method: 'area', fit: 'pad' },
    maxPixels = defaultMaxPixels,
  } = options;
  check(
    typeof open === 'function' && Array.isArray(decoders) && decoders.length > 0,
    'INVALID_OPTION',
    () =>
      `${where}: open is ${typeof open} and decoders ${decoders?.length ?? 'missing'}; expected a function and at least one decoder, such as nodeImages() of 'salad-ad/node' or browserImages().`,
  );
  check(
    channels === 1 || channels === 3,
    'INVALID_OPTION',
    () => `${where}: channels is ${String(channels)}; expected 1 (grey) or 3 (colour).`,
  );
  for (const side of size ?? [1, 1]) checkNumber(where, 'size', side, { min: 1, integer: true });
  check(
    size === undefined || size.length === 2,
    'INVALID_OPTION',
    () => `${where}: size is [${String(size)}]; expected [height, width].`,
  );
  checkNumber(where, 'maxPixels', maxPixels, { min: 1, integer: true });
  checkResizePolicy(where, resize);
  return { open, decoders, transform, channels, size, resize, maxPixels };
}

async function imageOrProblem(
  record: ImageRecord,
  reading: RecordReading,
): Promise<DecodedImage | SaladError> {
  try {
    return await readRecord(record, reading);
  } catch (error) {
    if (isImageProblem(error)) return error;
    throw error;
  }
}

function withName(error: SaladError, id: string): SaladError {
  const { code, details } = error;
  return new SaladError(
    code,
    `imageSource.read: '${id}': ${messageOf(error)}`,
    { ...details, id },
    { cause: error },
  );
}
