import { type ImageBatch, toUnitRange } from '../images/pixels.js';
import { Ahead } from '../support/ahead.js';
import { check, checkKnownOptions } from '../support/check.js';
import { sha256 } from '../support/sha256.js';
import { appearanceHash } from './appearance-hash.js';

/** Images as `inspectImages` reads them; every `ImageSource` is one. */
export interface ReadableImages {
  readonly length: number;
  readonly ids: readonly string[];
  read(indices: ArrayLike<number>): Promise<ImageBatch>;
}

/** What one image's pixels say; JSON. */
export interface InspectedImage {
  /** SHA-256 of size and pixels, 64 hex digits: equal for equal pictures, whatever file they are in. */
  readonly content: string;
  /** 64 hex digits that differ in few bits for nearly equal pictures; see `nearDuplicates`. */
  readonly appearance: string;
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  /** Mean over the pixels, in [0, 1]. */
  readonly brightness: number;
}

/** By name of the image; undefined for one that could not be read. */
export type InspectedImages = ReadonlyMap<string, InspectedImage | undefined>;

/** How far an inspection has come. */
export interface InspectProgress {
  readonly inspected: number;
  readonly images: number;
  readonly secondsLeft: number;
}

/** Options of `inspectImages`. */
export interface InspectOptions {
  /** Ends the work with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after every image. */
  readonly onProgress?: (progress: InspectProgress) => void;
}

/** Images on their way while one is looked at. */
const ahead = 4;

/**
 * Looks at every image of a source once: what `checkSplit`, `nearDuplicates` and `splitSummary` ask of pixels.
 *
 * Pixels count as they lie in the unit range, and equal channels as one, so a film stored with 8 bits, the same one
 * stretched to 16, and its RGB copy have one content hash, be it PNG or DICOM. Equal files have equal pixels, so a hash of the bytes would
 * find nothing more. Images are read one at a time, a few ahead; what is kept is some 200 bytes each.
 *
 * A source that resizes gives the hash of the resized pixels: inspect at the size of the files where you can.
 *
 * @returns by the source's ids, in their order
 * @throws INVALID_IMAGES where two images have one id, NO_CRYPTO, what `read` throws
 * @example
 * const inspected = await inspectImages(films, { onProgress: ({ secondsLeft }) => show(secondsLeft) });
 */
export async function inspectImages(
  source: ReadableImages,
  options: InspectOptions = {},
): Promise<InspectedImages> {
  checkKnownOptions('inspectImages', options, ['signal', 'onProgress']);
  const { signal, onProgress } = options;
  const { ids, length: total } = source;
  check(
    new Set(ids).size === total,
    'INVALID_IMAGES',
    () =>
      `inspectImages: ${total} images have ${new Set(ids).size} different ids; expected one each.`,
    { images: total },
  );
  const inspected = new Map<string, InspectedImage | undefined>();
  const began = performance.now();
  const batches = new Ahead((i) => source.read([i]), total, ahead);
  for (let i = 0; i < total; i++) {
    signal?.throwIfAborted();
    const batch = await batches.take(i);
    inspected.set(ids[i], batch.positions?.length === 0 ? undefined : await inspect(batch));
    const seconds = (performance.now() - began) / 1000;
    const secondsLeft = (seconds / (i + 1)) * (total - i - 1);
    onProgress?.({ inspected: i + 1, images: total, secondsLeft });
  }
  return inspected;
}

async function inspect(batch: ImageBatch): Promise<InspectedImage> {
  const [height, width, channels] = batch.shape;
  const values = toUnitRange(batch);
  const grey = channels === 1 ? values : channelMeans(values, channels);
  const coloured = values.some((value, i) => value !== grey[Math.floor(i / channels)]);
  const pixels = coloured ? values : grey;
  const shape = [height, width, pixels.length / (height * width)];
  const bytes = new Uint8Array(4 * (shape.length + pixels.length));
  bytes.set(new Uint8Array(Int32Array.from(shape).buffer));
  bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength), 4 * shape.length);
  return {
    content: await sha256('inspectImages', bytes),
    appearance: appearanceHash(grey, height, width),
    height,
    width,
    brightness: grey.reduce((sum, value) => sum + value, 0) / grey.length,
  };
}

function channelMeans(values: Float32Array, channels: number): Float32Array {
  const means = new Float32Array(values.length / channels);
  for (let i = 0; i < means.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += values[i * channels + channel];
    means[i] = sum / channels;
  }
  return means;
}
