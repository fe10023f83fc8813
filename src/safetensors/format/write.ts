import { BYTES_OF, type PackedTensor } from './dtypes.js';

/**
 * A safetensors file: the length of its header as 8 bytes, little-endian, the header as JSON, the numbers.
 *
 * As the reference writes it: wide types first, then by name, the header filled up with blanks to a multiple of 8 bytes, so that
 * every tensor begins where its numbers may lie.
 *
 * @see https://huggingface.co/docs/safetensors, "Format"
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, PackedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const ordered = [...tensors].sort(
    ([a, { dtype: left }], [b, { dtype: right }]) =>
      BYTES_OF[right] - BYTES_OF[left] || (a < b ? -1 : 1),
  );
  let end = 0;
  const entries = ordered.map(([name, { dtype, shape, bytes }]) => {
    const begin = end;
    end += bytes.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const header = Object.fromEntries([['__metadata__', metadata], ...entries]);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = 8 * Math.ceil(json.length / 8);
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { bytes }] of ordered) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}
