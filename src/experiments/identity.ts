import { createHash } from 'node:crypto';
import { canonicalJson } from '../support/canonical-json.js';

/** The first 16 hex digits of SHA-256 over the canonical JSON. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);
}
