import { crc32 } from 'node:zlib';

/** A chunk of a PNG: length, name, content, check sum. */
export function chunk(name: string, content: Uint8Array | readonly number[]): Buffer {
  const bytes = Buffer.alloc(content.length + 12);
  bytes.writeUInt32BE(content.length);
  bytes.write(name, 4, 'latin1');
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), content.length + 8);
  return bytes;
}

/** A PNG of its chunks. */
export const pngOfChunks = (...chunks: readonly Buffer[]): Uint8Array =>
  Uint8Array.from(Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...chunks]));
