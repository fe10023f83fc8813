import type { DecodedImage, Decoder } from '../decoding/decoder.js';
import { withChannels } from '../decoding/grey.js';
import { decoderFor, imageFormat } from '../decoding/image-format.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import { unitRange } from '../images/pixels.js';
import { checkResizePolicy, type ResizePolicy, resize } from '../images/resize.js';
import type { ImageRecord } from '../records/image-record.js';
import { check, checkNumber } from '../support/check.js';

/** First bytes that a format is told by. */
const HEAD = 512;

/** How the image of a record becomes pixels. */
export interface RecordReading {
  /** The file of a record, whole. */
  open(record: ImageRecord): Promise<Uint8Array>;
  /** Asked in this order. */
  readonly decoders: readonly Decoder[];
  /** What is done to an image as decoded, before its channels and its size; in place is allowed. */
  transform?(image: DecodedImage, record: ImageRecord): DecodedImage | Promise<DecodedImage>;
  /**
   * 1: grey; 3: colour.
   *
   * @defaultValue 1
   */
  readonly channels: 1 | 3;
  /** Height and width that every image is brought to; without it each keeps its own. */
  readonly size?: readonly [height: number, width: number];
  /**
   * How images of another size are brought to `size`.
   *
   * @defaultValue `{ method: 'area', fit: 'pad' }`
   */
  readonly resize: ResizePolicy;
  /**
   * Height times width that an image may have, checked in its header.
   *
   * @defaultValue 2^26
   */
  readonly maxPixels: number;
}

/** Options with their defaults. @throws INVALID_OPTION, UNKNOWN_OPTION */
export function checkReading(
  where: string,
  {
    open,
    decoders,
    transform,
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

/**
 * One image from file to pixels.
 *
 * @param where the call that errors name
 * @throws what the steps throw
 */
export async function readRecord(
  where: string,
  record: ImageRecord,
  { open, decoders, transform, channels, size, resize: policy, maxPixels }: RecordReading,
): Promise<DecodedImage> {
  const bytes = await open(record);
  const head = bytes.subarray(0, HEAD);
  const format = imageFormat(head);
  const decoded = await decoderFor(decoders, head, format).decode(bytes, { maxPixels, format });
  const id = record.id ?? record.path;
  const whole = transform ? await transform(decoded, record) : decoded;
  const image = withChannels(whole, channels, `${where}: '${id}'`);
  const [height, width] = image.shape;
  if (!size || (height === size[0] && width === size[1])) return image;
  const unit = unitRange(image, { where, ids: [id] });
  const pixels = resize(unit, [1, height, width, channels], size, policy);
  const shape = [size[0], size[1], channels] as const;
  if (!image.mask) return { pixels, shape };
  const mask = Float32Array.from(image.mask);
  const resized = resize(mask, [1, height, width, 1], size, policy);
  return { pixels, shape, mask: Uint8Array.from(resized, (value) => value + 0.5) };
}
