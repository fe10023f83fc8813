import { checkSource, type ImageSource } from '../images/image-source.js';
import { meanAbsoluteLaplacian, meanSquaredLaplacian } from '../images/laplacian.js';
import { localContrast } from '../images/local-contrast.js';
import { type ImageBatch, imageCount, unitRange } from '../images/pixels.js';
import { resize } from '../images/resize.js';
import { Ahead } from '../support/ahead.js';
import { check, checkKnownOptions } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { hostTurns } from '../support/host.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { sha256 } from '../support/sha256.js';
import { appearanceHash } from './appearance-hash.js';

/**
 * What `inspectImages` finds in the pixels, by name of the image; undefined for an image that could not be read. Each entry is
 * JSON.
 *
 * @example
 * const inspected: InspectedImages = await inspectImages(films);
 * console.log(inspected.get('a.png')?.brightness);
 */
export type InspectedImages = ReadonlyMap<
  string,
  | {
      /** SHA-256 of size and pixels, 64 hex digits: equal for equal images, whatever file they are in. */
      readonly content: string;
      /** 64 hex digits that differ in few bits for nearly equal images; see `nearDuplicates`. */
      readonly appearance: string;
      /** In pixels. */
      readonly height: number;
      /** In pixels. */
      readonly width: number;
      /** Mean over the pixels, in [0, 1]. */
      readonly brightness: number;
      /**
       * Root mean square of the Laplacian, up + down + left + right - 4 centre, over the pixels off the border, in [0, 4]; absent
       * below 3 x 3 pixels.
       */
      readonly sharpness?: number;
      /**
       * Mean of |y|, y = `localContrast` of the image, brought to at most 128 pixels a side, in [0, 1.5]; absent where that has
       * fewer than 3 x 3 pixels.
       */
      readonly localContrast?: number;
      /** Mean of |up + down + left + right - 4 centre| of the same y, over the pixels off the border, in [0, 12]; absent like it. */
      readonly fineTexture?: number;
    }
  | undefined
>;

type Inspected = NonNullable<ReturnType<InspectedImages['get']>>;

/** How many images are read ahead of the one that is inspected. */
const ahead = 4;

/**
 * Reads every image of a source once, and keeps what `checkSplit`, `nearDuplicates` and `splitSummary` need of its pixels.
 *
 * Pixels are compared in the unit range, and equal channels as one: a film stored with 8 bits, the same one stretched to 16, and
 * its RGB copy have one content hash, be they PNG or DICOM. Images are read one at a time, a few ahead; what is kept is some 200
 * bytes for each.
 *
 * A source that resizes gives the hash of the resized pixels: inspect at the size of the files where you can.
 *
 * @param source the images; any `ImageSource` will do
 * @param options `signal`, `onProgress`
 * @returns one entry for each image, in the order of the source
 * @throws INVALID_IMAGES where two images have one id; NO_CRYPTO, UNKNOWN_OPTION, INVALID_OPTION; PIXEL_RANGE, SHAPE_MISMATCH for
 *   wrong pixels of a source of yours; the reason of `signal`; whatever `read` throws
 * @example
 * const inspected = await inspectImages(films, { onProgress: ({ secondsLeft }) => show(secondsLeft) });
 */
export async function inspectImages(
  source: Pick<ImageSource, 'length' | 'ids' | 'read'>,
  options: {
    /**
     * Ends the work with the signal's reason.
     * @defaultValue none
     */
    readonly signal?: AbortSignal;
    /**
     * Called after every image.
     * @defaultValue none
     */
    readonly onProgress?: (progress: Progress) => void;
  } = {},
): Promise<InspectedImages> {
  checkKnownOptions('inspectImages', options, { signal: true, onProgress: true });
  checkSignal('inspectImages', options.signal);
  checkFunction('inspectImages', 'onProgress', options.onProgress);
  return inspectAll('inspectImages', source, options);
}

/** `inspectImages` for the public call `where`. */
export async function inspectAll(
  where: string,
  source: Pick<ImageSource, 'length' | 'ids' | 'read'>,
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal; readonly onProgress?: (progress: Progress) => void },
): Promise<InspectedImages> {
  checkSource(where, source, '', 'source');
  const { ids, length: total } = source;
  check(
    new Set(ids).size === total,
    'INVALID_IMAGES',
    () =>
      `${where}: ${total} images have ${new Set(ids).size} different ids; expected one each; give the source ids that differ.`,
    { images: total },
  );
  const inspected = new Map<string, Inspected | undefined>();
  const progress = paceOf(total);
  const batches = new Ahead((i) => source.read([i], where), total, ahead);
  const giveHostItsTurn = hostTurns(signal);
  for (let i = 0; i < total; i++) {
    await giveHostItsTurn();
    const batch = await batches.take(i);
    const missing = batch.positions?.length === 0;
    inspected.set(ids[i], missing ? undefined : await inspect(where, ids[i], batch));
    onProgress?.(progress(i + 1));
  }
  return inspected;
}

async function inspect(where: string, id: string, batch: ImageBatch): Promise<Inspected> {
  const [height, width, channels] = batch.shape;
  imageCount(where, batch);
  const values = unitRange(batch, { where, ids: [id] });
  const grey = channels === 1 ? values : channelMeans(values, channels);
  const coloured = values.some((value, i) => value !== grey[Math.floor(i / channels)]);
  const pixels = coloured ? values : grey;
  const shape = [height, width, pixels.length / (height * width)];
  const bytes = new Uint8Array(4 * (shape.length + pixels.length));
  bytes.set(new Uint8Array(Int32Array.from(shape).buffer));
  bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength), 4 * shape.length);
  return {
    content: await sha256(where, bytes),
    appearance: appearanceHash(grey, height, width),
    height,
    width,
    brightness: grey.reduce((sum, value) => sum + value, 0) / grey.length,
    ...(height >= 3 &&
      width >= 3 && { sharpness: Math.sqrt(meanSquaredLaplacian(grey, height, width, 1)) }),
    ...textureOf(grey, height, width),
  };
}

/** Texture is of one size for all films, so that films of several sizes compare. */
const LONGEST = 128;

function textureOf(grey: Float32Array, height: number, width: number) {
  const scale = Math.min(1, LONGEST / Math.max(height, width));
  const [rows, columns] = [height, width].map((side) => Math.max(1, Math.round(scale * side)));
  if (rows < 3 || columns < 3) return {};
  const policy = { method: 'area', fit: 'stretch' } as const;
  const small = scale < 1 ? resize(grey, [1, height, width, 1], [rows, columns], policy) : grey;
  const contrast = localContrast().apply(small, [1, rows, columns, 1]);
  return {
    localContrast: contrast.reduce((sum, y) => sum + Math.abs(y), 0) / contrast.length,
    fineTexture: meanAbsoluteLaplacian(contrast, rows, columns, 1),
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
