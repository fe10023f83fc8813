import { sha256 } from '../../support/sha256.js';

/**
 * A UID that follows from what it names, so that the same object has the same one: a UUID of version 8 made of SHA-256, as a whole number.
 *
 * @throws NO_CRYPTO
 * @see DICOM PS3.5, B.2 (UUID derived UID); RFC 9562, 5.8
 */
export async function uidOf(
  where: string,
  names: unknown,
  bytes = new Uint8Array(),
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(names));
  const all = new Uint8Array(text.length + bytes.length);
  all.set(text);
  all.set(bytes, text.length);
  const hash = await sha256(where, all);
  const variant = '89ab'[Number.parseInt(hash[16], 16) % 4];
  const uuid = `${hash.slice(0, 12)}8${hash.slice(13, 16)}${variant}${hash.slice(17, 32)}`;
  return `2.25.${BigInt(`0x${uuid}`)}`;
}
