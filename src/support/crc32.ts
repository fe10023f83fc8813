/**
 * CRC-32 of bytes as zip, gzip and PNG have it (ISO 3309, polynomial EDB88320 reflected).
 *
 * @param before of the bytes before these, where they come in pieces
 * @returns 0 to 2^32 - 1.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const tables = tablesOfBytes();
  const [t0, t1, t2, t3] = tables;
  let crc = ~before;
  let i = 0;
  // Four bytes a turn, three times as fast as one.
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc = t3[crc & 255] ^ t2[(crc >>> 8) & 255] ^ t1[(crc >>> 16) & 255] ^ t0[crc >>> 24];
  }
  for (; i < bytes.length; i++) crc = t0[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Of a byte, and of a byte with one, two and three zeros behind it. */
function tablesOfBytes(): readonly Int32Array[] {
  const tables = [
    Int32Array.from({ length: 256 }, (_, byte) => {
      let value = byte;
      for (let bit = 0; bit < 8; bit++)
        value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
      return value;
    }),
  ];
  for (let zeros = 1; zeros < 4; zeros++) {
    const last = tables[zeros - 1];
    tables.push(last.map((value) => tables[0][value & 255] ^ (value >>> 8)));
  }
  return tables;
}
