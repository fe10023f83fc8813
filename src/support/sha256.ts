import { check } from './check.js';

/** The host's own WebCrypto. @throws NO_CRYPTO on a page that is not a secure context */
export function subtleCrypto(where: string): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle;
  check(
    subtle !== undefined,
    'NO_CRYPTO',
    () =>
      `${where}: there is no crypto.subtle here; expected a secure context; serve the page over https or from localhost.`,
  );
  return subtle;
}

/** SHA-256 as 64 hex digits. @throws NO_CRYPTO */
export async function sha256(where: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexOf(await subtleCrypto(where).digest('SHA-256', bytes));
}

/** Two hex digits a byte. */
export function hexOf(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
