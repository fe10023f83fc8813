/**
 * Protocol Buffers, as far as an ONNX file needs them: a message is its fields one after the other, each a key (number and kind)
 * and a value.
 *
 * @see https://protobuf.dev/programming-guides/encoding
 */

/** Bytes in pieces, so that weights are copied once. */
export interface Message {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

const encoder = new TextEncoder();

/** Several pieces, or messages, one after the other; what is absent is left out. */
export function message(...fields: readonly (Message | undefined)[]): Message {
  const given = fields.filter((field) => field !== undefined);
  return {
    pieces: given.flatMap(({ pieces }) => pieces),
    length: given.reduce((sum, { length }) => sum + length, 0),
  };
}

/** A whole number of at least -2^53. */
export function integer(field: number, value: number): Message {
  return ofBytes(Uint8Array.from([...varint(field * 8), ...varint(value)]));
}

/** A float32. */
export function float(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return message(ofBytes(Uint8Array.from(varint(field * 8 + 5))), ofBytes(bytes));
}

/** Whole numbers in one packed field. */
export function integers(field: number, values: readonly number[]): Message {
  return nested(field, ofBytes(Uint8Array.from(values.flatMap(varint))));
}

/** A text, in UTF-8; absent where it is. */
export function text(field: number, value: string | undefined): Message | undefined {
  return value === undefined ? undefined : nested(field, ofBytes(encoder.encode(value)));
}

/** A message, or bytes, within a message. */
export function nested(field: number, inner: Message): Message {
  const head = Uint8Array.from([...varint(field * 8 + 2), ...varint(inner.length)]);
  return message(ofBytes(head), inner);
}

/** Bytes as they are. */
export function ofBytes(bytes: Uint8Array): Message {
  return { pieces: [bytes], length: bytes.byteLength };
}

/** One array of a message. */
export function joined({ pieces, length }: Message): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** Seven bits a byte, the lowest first; a negative number as its 64 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}
