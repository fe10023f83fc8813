import { chooseDecoder } from '../decoding/choose-decoder.js';
import type { DecodedImage, Decoder } from '../decoding/decoder.js';
import { withChannels } from '../decoding/grey.js';
import { toUnitRange } from '../images/pixels.js';
import { type ResizePolicy, resize } from '../images/resize.js';
import type { ImageRecord } from '../records/image-record.js';

/** First bytes that a decoder is chosen by. */
const HEAD = 512;

/** How the image of a record becomes pixels. */
export interface RecordReading {
  /** The file of a record, whole. */
  open(record: ImageRecord): Promise<Uint8Array>;
  /** Asked in this order. */
  readonly decoders: readonly Decoder[];
  /** What is done to an image as decoded, before its channels and its size; in place is allowed. */
  transform?(image: DecodedImage, record: ImageRecord): DecodedImage | Promise<DecodedImage>;
  /** 1: grey; 3: colour. */
  readonly channels: 1 | 3;
  /** Height and width that every image is brought to; without it each keeps its own. */
  readonly size?: readonly [height: number, width: number];
  readonly resize: ResizePolicy;
  readonly maxPixels: number;
}

/** One image from file to pixels. @throws what the steps throw */
export async function readRecord(
  record: ImageRecord,
  { open, decoders, transform, channels, size, resize: policy, maxPixels }: RecordReading,
): Promise<DecodedImage> {
  const bytes = await open(record);
  const decoder = chooseDecoder(decoders, bytes.subarray(0, HEAD));
  const decoded = await decoder.decode(bytes, { maxPixels });
  const image = withChannels(transform ? await transform(decoded, record) : decoded, channels);
  const [height, width] = image.shape;
  if (!size || (height === size[0] && width === size[1])) return image;
  const pixels = resize(toUnitRange(image), [1, height, width, channels], size, policy);
  const shape = [size[0], size[1], channels] as const;
  if (!image.mask) return { pixels, shape };
  const mask = Float32Array.from(image.mask);
  const resized = resize(mask, [1, height, width, 1], size, policy);
  return { pixels, shape, mask: Uint8Array.from(resized, (value) => value + 0.5) };
}
