import type { ImageBatch } from './pixels.js';
import { type ResizePolicy, resize } from './resize.js';

/** The masks of chosen images, one after the other; undefined where the batch has none. */
export function masksOf(
  { masks, shape: [height, width] }: Pick<ImageBatch, 'masks' | 'shape'>,
  positions: ArrayLike<number>,
): { masks?: Uint8Array } {
  if (!masks) return {};
  const size = height * width;
  const chosen = new Uint8Array(positions.length * size);
  for (let i = 0; i < positions.length; i++)
    chosen.set(masks.subarray(positions[i] * size, (positions[i] + 1) * size), i * size);
  return { masks: chosen };
}

/**
 * How much each pixel of the images counts, brought to another size as they are; what the resize adds
 * around an image does not count.
 *
 * @returns [count, size[0], size[1]], 0 to 1; undefined where the batch has no masks
 */
export function prepareMasks(
  { masks, shape: [height, width] }: Pick<ImageBatch, 'masks' | 'shape'>,
  [toHeight, toWidth]: readonly [height: number, width: number],
  policy?: ResizePolicy,
): Float32Array | undefined {
  if (!masks) return undefined;
  const weights = Float32Array.from(masks, (value) => value / 255);
  if (!policy || (height === toHeight && width === toWidth)) return weights;
  const count = masks.length / (height * width);
  return resize(weights, [count, height, width, 1], [toHeight, toWidth], policy);
}
