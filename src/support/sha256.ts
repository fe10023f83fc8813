import { check } from './check.js';

/**
 * SHA-256 by the host's own WebCrypto, as 64 hex digits.
 *
 * @throws NO_CRYPTO on a page that is not a secure context
 */
export async function sha256(where: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  check(
    subtle !== undefined,
    'NO_CRYPTO',
    () =>
      `${where}: there is no crypto.subtle here; expected a secure context; serve the page over https or from localhost.`,
  );
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
