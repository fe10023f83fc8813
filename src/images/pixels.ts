import { check, checkNumber } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import type { ImageProblem } from './problems.js';

/** Height, width and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/**
 * A batch of images on their way from a decoder to a network: rows of pixels, channels last, one image after the
 * other. It holds those that could be read.
 *
 * uint8 counts from 0 to 255, uint16 from 0 to 2^bitsStored - 1, float32 lies in [0, 1].
 */
export interface ImageBatch {
  /** [count, height, width, channels], flattened. */
  readonly pixels: Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array;
  readonly shape: ImageShape;
  /**
   * Bits in use of a uint16 pixel, 1 to 16.
   *
   * @defaultValue 16
   */
  readonly bitsStored?: number;
  /**
   * [count, height, width], 0 to 255: how much each pixel counts in the reconstruction loss, 255 fully.
   * Without masks every pixel does.
   */
  readonly masks?: Uint8Array;
  /** Which place of the request each image has, increasing; absent where all that were asked for came. */
  readonly positions?: readonly number[];
  /** Why the others did not come, one for each place that `positions` lacks, in order. */
  readonly problems?: readonly ImageProblem[];
}

/** Images in a batch, then height, width and channels of each. */
export type BatchShape = readonly [count: number, height: number, width: number, channels: number];

/**
 * The number of images in a batch.
 *
 * @throws INVALID_IMAGES where it holds no pixels or no shape; SHAPE_MISMATCH when the pixels are not a whole number of images
 */
export function imageCount(where: string, batch: Pick<ImageBatch, 'pixels' | 'shape'>): number {
  check(
    typeof batch?.pixels?.length === 'number' && Array.isArray(batch.shape),
    'INVALID_IMAGES',
    () =>
      `${where}: got ${batch ? `an object with ${Object.keys(batch).join(', ') || 'nothing'}` : String(batch)}; expected images as { pixels, shape: [height, width, channels] }.`,
  );
  const { pixels, shape } = batch;
  check(
    shape.length === 3 && shape.every((side) => Number.isInteger(side) && side > 0),
    'SHAPE_MISMATCH',
    () =>
      `${where}: shape is [${shape.join(', ')}]; expected [height, width, channels], whole numbers above 0.`,
    { shape },
  );
  const count = pixels.length / (shape[0] * shape[1] * shape[2]);
  check(
    Number.isInteger(count),
    'SHAPE_MISMATCH',
    () =>
      `${where}: got ${pixels.length} pixel values for images of shape [${shape.join(', ')}]; expected a multiple of ${shape[0] * shape[1] * shape[2]}.`,
    { length: pixels.length, shape },
  );
  return count;
}

/** The number of values is the product of the shape, or SHAPE_MISMATCH. */
export function checkBatch(
  where: string,
  values: ArrayLike<number>,
  shape: BatchShape,
  verb = 'got',
): void {
  const expected = shape[0] * shape[1] * shape[2] * shape[3];
  check(
    values.length === expected,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${verb} ${values.length} values for shape [${shape.join(', ')}]; expected ${expected} (count x height x width x channels).`,
    { length: values.length, shape },
  );
}

/** An array of the same kind as `pixels`. */
export function emptyLike(pixels: ImageBatch['pixels'], length: number): ImageBatch['pixels'] {
  if (pixels instanceof Float32Array) return new Float32Array(length);
  if (pixels instanceof Uint16Array) return new Uint16Array(length);
  return new Uint8Array(length);
}

/** What errors about a batch name. */
export interface BatchNames {
  /** The call that the user made. */
  readonly where: string;
  /** The name of each image; without them their number in the batch is told. */
  readonly ids?: readonly string[];
}

/**
 * The pixels as float32 in [0, 1].
 *
 *     uint8 / 255        uint16 / (2^bitsStored - 1)        float32 as it is
 *
 * @returns [count, height, width, channels], a new array
 * @throws PIXEL_RANGE naming the first pixel that is NaN or out of range; SHAPE_MISMATCH
 */
export function toUnitRange(batch: ImageBatch): Float32Array {
  imageCount('toUnitRange', batch);
  return unitRange(batch, { where: 'toUnitRange' });
}

/** The same of a batch that is known to be whole, on behalf of another call. */
export function unitRange(batch: ImageBatch, names: BatchNames): Float32Array {
  const { pixels, bitsStored = 16 } = batch;
  if (pixels instanceof Uint8Array || pixels instanceof Uint8ClampedArray)
    return scale(pixels, 255);
  const top = pixels instanceof Uint16Array ? 2 ** bitsStored - 1 : 1;
  if (pixels instanceof Uint16Array)
    checkNumber(names.where, 'bitsStored', bitsStored, { min: 1, max: 16, integer: true });
  for (let i = 0; i < pixels.length; i++)
    // Written so that NaN fails too.
    if (!(pixels[i] >= 0 && pixels[i] <= top)) throw outOfRange(batch, i, top, names);
  return scale(pixels, top);
}

function scale(pixels: ArrayLike<number>, top: number): Float32Array {
  const values = new Float32Array(pixels.length);
  for (let i = 0; i < values.length; i++) values[i] = pixels[i] / top;
  return values;
}

function outOfRange(
  { pixels, shape }: ImageBatch,
  position: number,
  top: number,
  { where, ids }: BatchNames,
): SaladError {
  const [height, width, channels] = shape;
  const image = Math.floor(position / (height * width * channels));
  const channel = position % channels;
  const x = Math.floor(position / channels) % width;
  const y = Math.floor(position / (channels * width)) % height;
  const remedy =
    top === 1
      ? 'scale float32 pixels to [0, 1], or pass 8- or 16-bit pixels as Uint8Array or Uint16Array'
      : 'give the bitsStored of the file';
  return new SaladError(
    'PIXEL_RANGE',
    `${where}: image ${ids ? `'${ids[image]}'` : `${image} of the batch`} has ${pixels[position]} at row ${y}, column ${x}, channel ${channel}; expected 0 to ${top}; ${remedy}.`,
    { image, ...(ids && { id: ids[image] }), y, x, channel, value: pixels[position], maximum: top },
  );
}
