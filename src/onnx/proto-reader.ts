import { check } from '../support/check.js';

/** A field of a message. */
export interface Field {
  readonly field: number;
  /** Of a text, a message or bytes; empty for numbers. */
  readonly bytes: Uint8Array;
  /** Of a whole number; 0 for others. */
  readonly value: number;
  /** The field as it stands, with its key. */
  readonly whole: Uint8Array;
}

/** The fields of a message in their order. @throws INVALID_OPTION for bytes that are no message */
export function fieldsOf(where: string, bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      check(
        byte !== undefined && scale < 2 ** 64,
        'INVALID_OPTION',
        () =>
          `${where}: file is no ONNX file, or is cut short; expected the whole file; copy it again.`,
      );
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const start = at;
    const key = varint();
    const kind = key % 8;
    const length = kind === 2 ? varint() : kind === 5 ? 4 : kind === 1 ? 8 : 0;
    const value = kind === 0 ? varint() : 0;
    const first = at;
    at += length;
    fields.push({
      field: Math.floor(key / 8),
      bytes: bytes.subarray(first, at),
      value,
      whole: bytes.subarray(start, at),
    });
  }
  check(
    at === bytes.length,
    'INVALID_OPTION',
    () => `${where}: file ends within a field; expected the whole file; copy it again.`,
  );
  return fields;
}

/** The text of the first field of that number. */
export function textIn(fields: readonly Field[], number: number): string {
  return textOf(fields.find(({ field }) => field === number)?.bytes);
}

/** UTF-8. */
export function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
