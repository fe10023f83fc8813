import { EXPLICIT_LITTLE } from '../transfer-syntax.js';

/** Kinds of values (value representations) that are written. */
type Kind =
  | 'CS'
  | 'DA'
  | 'DS'
  | 'IS'
  | 'LO'
  | 'OB'
  | 'PN'
  | 'SH'
  | 'SQ'
  | 'ST'
  | 'TM'
  | 'UI'
  | 'UL'
  | 'US'
  | 'UT';

/** An element: its tag, the kind of its value, and the value; of a sequence its items. Texts are ASCII, bytes stay as they are. */
export type Attribute = readonly [
  tag: number,
  kind: Kind,
  value: string | number | Uint8Array | readonly (readonly Attribute[])[],
];

/** Kinds whose length takes 4 bytes, behind 2 that are reserved. */
const LONG: readonly Kind[] = ['OB', 'SQ', 'UT'];
/** Of this library, as of any program that writes files: a name that nobody else has. */
const IMPLEMENTATION = '2.25.62178540762295881282034790460472240696';

/**
 * A DICOM file in explicit little-endian form.
 *
 * @see DICOM PS3.10, 7.1 (file); PS3.5, 7.1 (elements)
 */
export function fileOf(
  object: { readonly sopClass: string; readonly uid: string },
  attributes: readonly Attribute[],
): Uint8Array {
  const meta = encoded([
    [0x00020001, 'OB', Uint8Array.of(0, 1)],
    [0x00020002, 'UI', object.sopClass],
    [0x00020003, 'UI', object.uid],
    [0x00020010, 'UI', EXPLICIT_LITTLE],
    [0x00020012, 'UI', IMPLEMENTATION],
    [0x00020013, 'SH', 'SALAD-AD'],
  ]);
  return joined([
    new Uint8Array(128),
    bytesOf('DICM'),
    encoded([[0x00020000, 'UL', meta.length]]),
    meta,
    encoded([[0x00080016, 'UI', object.sopClass], [0x00080018, 'UI', object.uid], ...attributes]),
  ]);
}

/** Elements in the order of their tags. */
function encoded(attributes: readonly Attribute[]): Uint8Array {
  const inOrder = [...attributes].sort(([a], [b]) => a - b);
  return joined(
    inOrder.flatMap(([tag, kind, value]) => elementOf(tag, kind, bytesOfValue(kind, value))),
  );
}

function elementOf(tag: number, kind: Kind, value: Uint8Array): Uint8Array[] {
  const long = LONG.includes(kind);
  const head = new DataView(new ArrayBuffer(long ? 12 : 8));
  head.setUint16(0, tag >>> 16, true);
  head.setUint16(2, tag & 0xffff, true);
  head.setUint8(4, kind.charCodeAt(0));
  head.setUint8(5, kind.charCodeAt(1));
  if (long) head.setUint32(8, value.length, true);
  else head.setUint16(6, value.length, true);
  return [new Uint8Array(head.buffer), value];
}

function bytesOfValue(kind: Kind, value: Attribute[2]): Uint8Array {
  if (typeof value === 'number') return numberOf(value, kind === 'UL' ? 4 : 2);
  if (value instanceof Uint8Array) return evenBytes(value, kind);
  if (typeof value === 'string') return evenBytes(bytesOf(value), kind);
  return joined(value.flatMap(itemOf));
}

function itemOf(attributes: readonly Attribute[]): Uint8Array[] {
  const inside = encoded(attributes);
  return [Uint8Array.of(0xfe, 0xff, 0x00, 0xe0), numberOf(inside.length, 4), inside];
}

function numberOf(value: number, size: 2 | 4): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => value >>> (8 * i));
}

/** Every value has an even length. */
function evenBytes(value: Uint8Array, kind: Kind): Uint8Array {
  if (value.length % 2 === 0) return value;
  return joined([value, Uint8Array.of(kind === 'UI' || kind === 'OB' ? 0 : 0x20)]);
}

/** A character that is no ASCII could be another one in the set of the film; a backslash would stand between values. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) =>
    /[ -[\]-~\n]/.test(letter) ? letter.charCodeAt(0) : '?'.charCodeAt(0),
  );
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
