import type { DecodedImage } from '../decoding/decoder.js';
import { withChannels } from '../decoding/grey.js';
import { decoderFor, imageFormat } from '../decoding/image-format.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import type { ImageRecipe } from '../images/image-recipe.js';
import { checkResizePolicy, resize } from '../images/resize.js';
import { resizeToUnit } from '../images/resize-to-unit.js';
import type { ImageRecord } from '../records/image-record.js';
import { check, checkBytes, checkNumber, said } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import { isSaladError, withCall } from '../support/errors.js';
import type { SaladWarning } from '../support/warning.js';
import type { DecodingOptions } from './decoding-options.js';

/** How many first bytes tell the format of a file. */
const HEAD = 512;

/** How the image of a record becomes pixels: options with their defaults. */
export interface RecordReading
  extends Required<Pick<DecodingOptions, 'decoders' | 'channels' | 'resize' | 'maxPixels'>>,
    Pick<DecodingOptions, 'transform' | 'size' | 'bitsStored'> {
  /** The whole file of a record. */
  readonly open: (record: ImageRecord) => Promise<Uint8Array>;
}

/** Options with their defaults. @throws INVALID_OPTION, UNKNOWN_OPTION */
export function checkReading(
  where: string,
  {
    open,
    decoders,
    transform,
    bitsStored,
    channels = 1,
    size,
    resize = { method: 'area', fit: 'pad' },
    maxPixels = defaultMaxPixels,
  }: Partial<RecordReading>,
): RecordReading {
  check(
    typeof open === 'function' && Array.isArray(decoders) && decoders.length > 0,
    'INVALID_OPTION',
    () =>
      `${where}: open is ${typeof open} and decoders ${Array.isArray(decoders) ? `a list of ${decoders.length}` : said(decoders)}; expected a function and at least one decoder, such as nodeImages() of 'salad-ad/node' or browserImages().`,
  );
  check(
    channels === 1 || channels === 3,
    'INVALID_OPTION',
    () => `${where}: channels is ${String(channels)}; expected 1 (grey) or 3 (colour).`,
  );
  check(
    size === undefined || (Array.isArray(size) && size.length === 2),
    'INVALID_OPTION',
    () => `${where}: size is ${JSON.stringify(size)}; expected [height, width], such as [64, 64].`,
  );
  for (const side of size ?? []) checkNumber(where, 'size', side, { min: 1, integer: true });
  checkNumber(where, 'maxPixels', maxPixels, { min: 1, integer: true });
  checkFunction(where, 'transform', transform);
  if (bitsStored !== undefined)
    checkNumber(where, 'bitsStored', bitsStored, { min: 1, max: 16, integer: true });
  checkResizePolicy(where, resize);
  return { open, decoders, transform, bitsStored, channels, size, resize, maxPixels };
}

/** What makes images of files alike, as JSON. */
export function recipeOf({
  decoders,
  transform,
  bitsStored,
  channels,
  size,
  resize,
}: RecordReading): ImageRecipe {
  const told = decoders.flatMap(({ name, recipe }) => (recipe ? [[name, recipe] as const] : []));
  return {
    channels,
    ...(size && { size: [size[0], size[1]], resize: { ...resize } }),
    ...(bitsStored !== undefined && { bitsStored }),
    ...(told.length > 0 && { decoders: Object.fromEntries(told) }),
    ...(transform && { transform: transform.recipe ?? { name: 'custom' } }),
  };
}

/**
 * One image from file to pixels.
 *
 * @param where the call that errors name
 * @param tell told of what is doubtful about the file
 * @throws what the steps throw
 */
export async function readRecord(
  where: string,
  record: ImageRecord,
  reading: RecordReading,
  tell?: (warning: SaladWarning) => void,
): Promise<DecodedImage> {
  const { open, decoders, transform, channels, size, resize: policy, maxPixels } = reading;
  const id = record.id ?? record.path;
  const bytes = await open(record);
  checkBytes(where, `what open gave of '${id}'`, bytes);
  const head = bytes.subarray(0, HEAD);
  const format = imageFormat(head);
  const decoder = decoderFor(decoders, head, format);
  const { bitsStored = reading.bitsStored, ...file } = await namingPeer(`${where}: '${id}'`, () =>
    decoder.decode(bytes, { maxPixels, format }),
  );
  const counted = bitsStored !== undefined && file.pixels instanceof Uint16Array;
  const decoded = counted ? { ...file, bitsStored } : file;
  for (const { code, message } of decoded.warnings ?? [])
    tell?.({ code, message: `${where}: '${id}': ${message}` });
  const whole = transform ? await transform(decoded, record) : decoded;
  const image = withChannels(whole, channels, `${where}: '${id}'`);
  const [height, width] = image.shape;
  if (!size || (height === size[0] && width === size[1])) return image;
  const pixels = resizeToUnit(image, { where, ids: [id] }, size, policy);
  const shape = [size[0], size[1], channels] as const;
  if (!image.mask) return { pixels, shape };
  const mask = Float32Array.from(image.mask);
  const resized = resize(mask, [1, height, width, 1], size, policy);
  return { pixels, shape, mask: Uint8Array.from(resized, (value) => value + 0.5) };
}

/** What `decode` gives; a package that is missing is no fault of the file, but the file shows who needs it. */
async function namingPeer<Result>(
  where: string,
  decode: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await decode();
  } catch (error) {
    throw isSaladError(error, 'MISSING_PEER') ? withCall(where, error) : error;
  }
}
