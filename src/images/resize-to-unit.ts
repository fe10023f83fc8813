import {
  type BatchNames,
  type BatchShape,
  checkBatch,
  type ImageBatch,
  unitRange,
} from './pixels.js';
import { type ResizePolicy, resize, resizeLines } from './resize.js';

/**
 * One image in unit range and of another size, to the bit what `unitRange` and `resize` make of it one after the other.
 *
 * @throws PIXEL_RANGE, SHAPE_MISMATCH
 */
export function resizeToUnit(
  image: ImageBatch,
  names: BatchNames,
  size: readonly [height: number, width: number],
  policy: ResizePolicy,
): Float32Array {
  const { pixels } = image;
  const [height, width, channels] = image.shape;
  const shape = [1, height, width, channels] as const;
  return pixels instanceof Uint8Array
    ? resizeBytes(pixels, shape, size, policy)
    : resize(unitRange(image, names), shape, size, policy);
}

/** Without four bytes for each of them in between. */
function resizeBytes(
  bytes: Uint8Array,
  shape: BatchShape,
  size: readonly [height: number, width: number],
  policy: ResizePolicy,
): Float32Array {
  checkBatch('resize', bytes, shape);
  // As float32 has them.
  const unit = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const line = new Float32Array(shape[2] * shape[3]);
  return resizeLines(
    (at) => {
      const from = at * line.length;
      for (let i = 0; i < line.length; i++) line[i] = unit[bytes[from + i]];
      return line;
    },
    shape,
    size,
    policy,
  );
}
