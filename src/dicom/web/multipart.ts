const CR_LF = [13, 10];
const DASHES = [45, 45];

/** The boundary of `multipart/related`; undefined for another type. */
export function boundaryOf(type: string): string | undefined {
  if (!/^\s*multipart\/related\s*;/i.test(type)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;",]{1,70}))/i.exec(type) ?? [];
  return quoted ?? plain;
}

/**
 * The bodies of the parts, which share the memory of the whole.
 *
 * @returns undefined where the whole ends before its last delimiter
 * @see RFC 2046, 5.1.1; RFC 2387
 */
export function partsOf(bytes: Uint8Array, boundary: string): Uint8Array[] | undefined {
  const delimiter = [...CR_LF, ...DASHES, ...new TextEncoder().encode(boundary)];
  // Before the first delimiter stands a line break, or nothing.
  let at = startsWith(bytes, delimiter.slice(2), 0) ? -2 : find(bytes, delimiter, 0);
  if (at === -1) return undefined;
  const parts: Uint8Array[] = [];
  for (;;) {
    const from = at + delimiter.length;
    if (startsWith(bytes, DASHES, from)) return parts;
    // From the break that ends the line of the delimiter, which is also the first of two where a part has no header.
    const line = find(bytes, CR_LF, from);
    const body = line === -1 ? -1 : find(bytes, [...CR_LF, ...CR_LF], line);
    at = body === -1 ? -1 : find(bytes, delimiter, body + 2);
    if (at === -1) return undefined;
    parts.push(bytes.subarray(Math.min(body + 4, at), at));
  }
}

function find(bytes: Uint8Array, pattern: readonly number[], from: number): number {
  let at = bytes.indexOf(pattern[0], from);
  while (at !== -1 && !startsWith(bytes, pattern, at)) at = bytes.indexOf(pattern[0], at + 1);
  return at;
}

function startsWith(bytes: Uint8Array, pattern: readonly number[], at: number): boolean {
  for (let i = 0; i < pattern.length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}
