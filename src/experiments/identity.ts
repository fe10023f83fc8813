import { createHash } from 'node:crypto';
import { oldestKind } from '../baselines/renamed-kinds.js';

/** JSON whose keys are sorted, so that equal values have one text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => sorted(inner));
}

/**
 * The first 16 hex digits of SHA-256 over the canonical JSON. Each `kind` counts by its oldest name, so that stored runs
 * keep their identity when a kind is renamed.
 */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (key, inner) =>
    key === 'kind' && typeof inner === 'string' ? oldestKind(inner) : sorted(inner),
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function sorted(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
