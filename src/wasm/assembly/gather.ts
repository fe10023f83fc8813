import { Address } from './address';

/**
 * Copies the blocks of an axis that are named: y[o, i, :] = x[o, indices[i], :].
 *
 * @param bytes of a block. @returns whether all indices are there; nothing is written where one is not.
 */
export function gather(
  x: Address,
  y: Address,
  outer: i32,
  size: i32,
  bytes: usize,
  indices: Address,
  count: i32,
): bool {
  for (let i = 0; i < count; i++) {
    if (load<u32>(indices + ((<usize>i) << 2)) >= <u32>size) return false;
  }
  for (; outer > 0; outer--) {
    for (let i = 0; i < count; i++) {
      memory.copy(y, x + <usize>load<u32>(indices + ((<usize>i) << 2)) * bytes, bytes);
      y += bytes;
    }
    x += <usize>size * bytes;
  }
  return true;
}
