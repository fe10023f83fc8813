import { crc32, deflateRawSync, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { Seed } from './seeds.js';
import { unitsOf } from './units.js';

/** Pixels and elements of these files are compressed by deflate: damage must go below that to be seen. */
export function changePacked(
  kind: Seed['kind'],
  bytes: Uint8Array,
  change: (inner: Uint8Array) => Uint8Array,
): Uint8Array {
  try {
    if (kind === 'png') return changePixels(bytes, change);
    if (kind === 'dicom') return changeDeflated(bytes, change);
  } catch {
    // What can no longer be unpacked stays as it is.
  }
  return bytes;
}

function changePixels(bytes: Uint8Array, change: (inner: Uint8Array) => Uint8Array): Uint8Array {
  const chunks = unitsOf('png', bytes).map(({ start, end }) => bytes.subarray(start, end));
  const isPixels = (chunk: Uint8Array) => typeOf(chunk) === 'IDAT';
  const pixels = chunks.filter(isPixels).map((chunk) => chunk.subarray(8, -4));
  const first = chunks.findIndex(isPixels);
  if (first === -1) return bytes;
  const packed = deflateSync(change(inflateSync(Buffer.concat(pixels))));
  const rest = (part: Uint8Array[]) => part.filter((chunk) => !isPixels(chunk));
  return repaired(
    Buffer.concat([
      bytes.subarray(0, 8),
      ...rest(chunks.slice(0, first)),
      chunkOf('IDAT', packed),
      ...rest(chunks.slice(first)),
    ]),
  );
}

function changeDeflated(bytes: Uint8Array, change: (inner: Uint8Array) => Uint8Array): Uint8Array {
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (!head.includes('1.2.840.10008.1.2.1.99')) return bytes;
  const end = 144 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(140, true);
  const inner = inflateRawSync(bytes.subarray(end));
  return Buffer.concat([bytes.subarray(0, end), deflateRawSync(change(inner))]);
}

/** The file with the checksums that its chunks ask for; others would be refused at once. */
export function repaired(bytes: Uint8Array): Uint8Array {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  for (const { start, end } of unitsOf('png', result))
    view.setUint32(end - 4, crc32(result.subarray(start + 4, end - 4)));
  return result;
}

function chunkOf(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(body.length + 12);
  new DataView(chunk.buffer).setUint32(0, body.length);
  chunk.set(Buffer.from(type, 'latin1'), 4);
  chunk.set(body, 8);
  return chunk;
}

function typeOf(chunk: Uint8Array): string {
  return Buffer.from(chunk.subarray(4, 8)).toString('latin1');
}
