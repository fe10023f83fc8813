import { check } from '../support/check.js';

/** Field 14 of a model: its metadata. Key and value of an entry are fields 1 and 2. */
const METADATA = 14;

/** What an ONNX file says of itself, by key; weights are passed over. @throws INVALID_OPTION for bytes that are no such file */
export function readMetadata(where: string, file: unknown): Record<string, string> {
  check(
    file instanceof Uint8Array,
    'INVALID_OPTION',
    () =>
      `${where}: file is no Uint8Array; expected the bytes of the .onnx file, as toOnnx gave them.`,
  );
  const entries = fieldsOf(where, file)
    .filter(({ field }) => field === METADATA)
    .map(({ bytes }) => {
      const [key, value] = [1, 2].map((wanted) =>
        fieldsOf(where, bytes).find(({ field }) => field === wanted),
      );
      return [textOf(key?.bytes), textOf(value?.bytes)] as const;
    });
  return Object.fromEntries(entries);
}

interface Field {
  readonly field: number;
  /** Of texts and messages; empty for numbers. */
  readonly bytes: Uint8Array;
}

function fieldsOf(where: string, bytes: Uint8Array): Field[] {
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
          `${where}: file is no ONNX file, or is cut short; expected the bytes that toOnnx gave.`,
      );
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const kind = key % 8;
    const length = kind === 2 ? varint() : kind === 5 ? 4 : kind === 1 ? 8 : 0;
    if (kind === 0) varint();
    fields.push({ field: Math.floor(key / 8), bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  check(
    at === bytes.length,
    'INVALID_OPTION',
    () => `${where}: file ends within a field; expected the whole file; copy it again.`,
  );
  return fields;
}

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
