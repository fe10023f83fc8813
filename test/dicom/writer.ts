/** Writes elements and sequences in explicit little-endian form, as a test wants them. */

export const UNDEFINED = 0xffffffff;
const LONG = /^(O.|S[QV]|U[CNRTV]|ZZ)$/;

export const number = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);

const tagOf = (tag: number) => [...number(tag >>> 16, 2), ...number(tag & 0xffff, 2)];

export const textOf = (text: string): number[] =>
  Array.from(text.padEnd(text.length + (text.length % 2)), (letter) => letter.charCodeAt(0));

/** @param length what the element says, where that is not what it has */
export const element = (
  tag: number,
  vr: string,
  value: ArrayLike<number> & Iterable<number>,
  length = value.length,
): number[] => [
  ...tagOf(tag),
  ...textOf(vr),
  ...(LONG.test(vr) ? [0, 0, ...number(length, 4)] : number(length, 2)),
  ...value,
];

/** A sequence of items, which are the elements in them; open ones end by delimiters. */
export function sequence(tag: number, items: readonly number[][], open: boolean, vr = 'SQ') {
  const inside = items.flatMap((item) => [
    ...tagOf(0xfffee000),
    ...number(open ? UNDEFINED : item.length, 4),
    ...item,
    ...(open ? [...tagOf(0xfffee00d), 0, 0, 0, 0] : []),
  ]);
  return open
    ? [...element(tag, vr, inside, UNDEFINED), ...tagOf(0xfffee0dd), 0, 0, 0, 0]
    : element(tag, vr, inside);
}

/** Encapsulated pixel data: an empty table of offsets or the given one, and fragments. */
export const fragments = (codes: readonly ArrayLike<number>[], table: readonly number[] = []) => [
  ...element(0x7fe00010, 'OB', [], UNDEFINED),
  ...[table.flatMap((offset) => number(offset, 4)), ...codes].flatMap((code) => [
    ...tagOf(0xfffee000),
    ...number(code.length + (code.length % 2), 4),
    ...Array.from(code),
    ...(code.length % 2 ? [0] : []),
  ]),
  ...tagOf(0xfffee0dd),
  ...[0, 0, 0, 0],
];

/** `inserted` into a file at a byte. */
export const withInserted = (file: Uint8Array, at: number, inserted: ArrayLike<number>) => {
  const longer = new Uint8Array(file.length + inserted.length);
  longer.set(file.subarray(0, at));
  longer.set(inserted, at);
  longer.set(file.subarray(at), at + inserted.length);
  return longer;
};

/** Where the elements of an explicit little-endian file behind its header begin. */
export function boundaries(file: Uint8Array): number[] {
  const view = new DataView(file.buffer);
  const found: number[] = [];
  for (let at = 132; at < file.length; ) {
    const long = LONG.test(String.fromCharCode(file[at + 4], file[at + 5]));
    if (view.getUint16(at, true) !== 2) found.push(at);
    at += long ? 12 + view.getUint32(at + 8, true) : 8 + view.getUint16(at + 6, true);
  }
  return found;
}
