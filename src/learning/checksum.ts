import type { io } from '@tensorflow/tfjs-core';
import { canonicalJson } from '../support/canonical-json.js';
import { crc32 } from '../support/crc32.js';

/**
 * CRC-32 of all that a file says of a detector: its description as JSON, whatever the order of its names, names, types and shapes of its tensors, and their values.
 * It finds damage anywhere in them; it is no signature.
 *
 * @returns 8 hex digits
 */
export function checksumOf(
  description: object,
  specs: readonly io.WeightsManifestEntry[],
  data: readonly Uint8Array[],
): string {
  const tensors = specs.map(({ name, dtype, shape }) => [name, dtype, shape]);
  const text = new TextEncoder().encode(canonicalJson([description, tensors]));
  const sum = data.reduce((before, part) => crc32(part, before), crc32(text));
  return sum.toString(16).padStart(8, '0');
}
