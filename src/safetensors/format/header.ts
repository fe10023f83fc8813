import { checkUndamaged } from '../../learning/damaged.js';
import { check } from '../../support/check.js';
import { repeatedName } from './repeated-name.js';

/** Bytes of the longest header, as in the reference: what is longer is no header. */
const LONGEST_HEADER = 100_000_000;

/** The header as JSON and the bytes behind it. */
export function splitHeader(where: string, bytes: Uint8Array) {
  const whole = (condition: boolean, expected: number) =>
    check(
      condition,
      'TRUNCATED_MODEL',
      () =>
        `${where}: the file has ${bytes.length} bytes; expected at least ${expected}; it was cut short: copy it again.`,
      { found: bytes.length, expected },
    );
  whole(bytes.length >= 8, 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  check(
    length >= 2 && length <= LONGEST_HEADER && (bytes.length === 8 || bytes[8] === 0x7b),
    'NOT_A_MODEL',
    () =>
      `${where}: the bytes are no safetensors file: they begin with no header of 2 to ${LONGEST_HEADER} bytes; expected what toSafetensors returned, or what another program wrote from it.`,
  );
  whole(bytes.length >= 8 + length, 8 + length);
  const header = parsed(where, bytes.slice(8, 8 + length));
  return { header, data: bytes.subarray(8 + length) };
}

function parsed(where: string, bytes: Uint8Array): Record<string, unknown> {
  let text = '';
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    // Neither text nor JSON: there is no header.
  }
  checkUndamaged(where, isObject(header), () => 'the header is no JSON object');
  const twice = repeatedName(text);
  checkUndamaged(where, twice === undefined, () => `the header names '${twice}' twice`);
  return header;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
