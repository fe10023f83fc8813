import type { io } from '@tensorflow/tfjs-core';

const BYTES: Readonly<Record<string, number | undefined>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** How many bytes weights of these specs take; undefined where the specs alone do not say (strings). */
export function weightBytes(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  let total = 0;
  for (const { shape, dtype, quantization } of specs) {
    const bytes = BYTES[quantization?.dtype ?? dtype];
    if (bytes === undefined) return undefined;
    total += shape.reduce((product, side) => product * side, bytes);
  }
  return total;
}
