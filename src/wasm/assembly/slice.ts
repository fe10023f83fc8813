import { Address } from './address';

/** Bytes from which on a call to copy them is worth it. */
const LONG: usize = 64;

/**
 * Gathers runs of values that lie at equal steps along three axes, one after another.
 *
 * @param x first run. @param n0, n1, n2 runs along each axis. @param step0, step1, step2 bytes between two.
 * @param bytes of a run, a multiple of four.
 */
export function slice(
  x: Address,
  y: Address,
  n0: i32,
  step0: usize,
  n1: i32,
  step1: usize,
  n2: i32,
  step2: usize,
  bytes: usize,
): void {
  for (let i = 0; i < n0; i++) {
    for (let j = 0; j < n1; j++) {
      let from = x + <usize>i * step0 + <usize>j * step1;
      for (let k = 0; k < n2; k++) {
        if (bytes >= LONG) {
          memory.copy(y, from, bytes);
        } else {
          for (let b: usize = 0; b < bytes; b += 4) store<u32>(y + b, load<u32>(from + b));
        }
        y += bytes;
        from += step2;
      }
    }
  }
}
