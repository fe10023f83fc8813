/** CRC-32 of bytes as zip, gzip and PNG have it (ISO 3309, polynomial EDB88320 reflected). @returns 0 to 2^32 - 1. */
export function crc32(bytes: Uint8Array): number {
  const table = tableOfBytes();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function tableOfBytes(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
}
