import { check, checkList, checkNumber } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { type ImageProblem, imagesText } from './problems.js';

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
  /** Of one image. */
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
  /**
   * Why the others did not come, one for each place that `positions` lacks; `index` says which image of the source it is.
   * Absent where all came.
   */
  readonly problems?: readonly ImageProblem[];
}

/** Images in a batch, then height, width and channels of each. */
export type BatchShape = readonly [count: number, height: number, width: number, channels: number];

/**
 * The number of images in a batch.
 *
 * @throws INVALID_IMAGES where it holds no pixels or no shape, or an array of another type; SHAPE_MISMATCH when the pixels or
 *   the masks are not a whole number of images
 */
export function imageCount(
  where: string,
  batch: Pick<ImageBatch, 'pixels' | 'shape' | 'masks'>,
): number {
  check(
    typeof batch?.pixels?.length === 'number' && Array.isArray(batch.shape),
    'INVALID_IMAGES',
    () =>
      `${where}: got ${givenFor(batch)}; expected images as { pixels, shape: [height, width, channels] }.`,
  );
  const { pixels, shape, masks } = batch;
  // Of another array nobody knows which range its values have.
  check(
    isBytes(pixels) || pixels instanceof Uint16Array || pixels instanceof Float32Array,
    'INVALID_IMAGES',
    () =>
      `${where}: pixels is an array of type ${nameOf(pixels)}; expected a Uint8Array, a Uint16Array, or a Float32Array with values in [0, 1].`,
  );
  check(
    masks === undefined || isBytes(masks),
    'INVALID_IMAGES',
    () =>
      `${where}: masks is of type ${nameOf(masks)}; expected a Uint8Array of 0 to 255; multiply masks in [0, 1] by 255.`,
  );
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
  const area = shape[0] * shape[1];
  check(
    masks === undefined || masks.length === count * area,
    'SHAPE_MISMATCH',
    () =>
      `${where}: got ${masks?.length} mask values for ${imagesText(count)} of ${shape[0]} x ${shape[1]}; expected ${count * area}, one per pixel and none per channel.`,
    { length: masks?.length, shape },
  );
  return count;
}

const isBytes = (values: unknown): values is Uint8Array | Uint8ClampedArray =>
  values instanceof Uint8Array || values instanceof Uint8ClampedArray;

const nameOf = (value: unknown) => (value as object | null)?.constructor?.name ?? String(value);

/** The number of values is the product of the shape, or SHAPE_MISMATCH. */
export function checkBatch(
  where: string,
  values: ArrayLike<number>,
  shape: BatchShape,
  verb = 'got',
): void {
  checkList(where, 'values', values);
  checkList(where, 'shape', shape);
  const expected = shape[0] * shape[1] * shape[2] * shape[3];
  check(
    values.length === expected,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${verb} ${values.length} values for shape [${Array.from(shape).join(', ')}]; expected ${expected} (count x height x width x channels).`,
    { length: values.length, shape },
  );
}

/** An array of the same type as `pixels`. */
export function emptyLike(pixels: ImageBatch['pixels'], length: number): ImageBatch['pixels'] {
  if (pixels instanceof Float32Array) return new Float32Array(length);
  if (pixels instanceof Uint16Array) return new Uint16Array(length);
  return new Uint8Array(length);
}

/** What errors about a batch name. */
export interface BatchNames {
  /** The call that the user made. */
  readonly where: string;
  /** The name of each image; without them errors give its number in the batch. */
  readonly ids?: readonly string[];
}

/**
 * The pixels as float32 in [0, 1].
 *
 *     uint8 / 255        uint16 / (2^bitsStored - 1)        float32 as it is
 *
 * @param batch what `read` of a source returns
 * @returns [count, height, width, channels], a new array
 * @throws PIXEL_RANGE naming the first pixel that is NaN or out of range; INVALID_IMAGES where there are no pixels or no
 *   shape; SHAPE_MISMATCH where they do not fit; INVALID_OPTION for `bitsStored` other than 1 to 16
 * @example
 * const values = toUnitRange({ pixels: Uint8Array.of(0, 51, 102, 255), shape: [2, 2, 1] }); // 0, 0.2, 0.4, 1
 */
export function toUnitRange(batch: ImageBatch): Float32Array {
  imageCount('toUnitRange', batch);
  return unitRange(batch, { where: 'toUnitRange' });
}

/** The same of a batch that is known to be whole, on behalf of another call. */
export function unitRange(batch: ImageBatch, names: BatchNames): Float32Array {
  const { pixels, bitsStored = 16 } = batch;
  if (isBytes(pixels)) return scale(pixels, 255);
  const top = pixels instanceof Uint16Array ? 2 ** bitsStored - 1 : 1;
  if (pixels instanceof Uint16Array)
    checkNumber(names.where, 'bitsStored', bitsStored, { min: 1, max: 16, integer: true });
  for (let i = 0; i < pixels.length; i++)
    // Written so that NaN fails too.
    if (!(pixels[i] >= 0 && pixels[i] <= top)) throw outOfRange(batch, i, top, names);
  return scale(pixels, top);
}

/** What somebody gave for images, in words. */
function givenFor(batch: unknown): string {
  if (typeof batch !== 'object' || batch === null) return String(batch);
  if (Array.isArray(batch) || ArrayBuffer.isView(batch)) return `an array of type ${nameOf(batch)}`;
  return `an object with ${Object.keys(batch).join(', ') || 'nothing'}`;
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
