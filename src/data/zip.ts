import { Inflate } from 'fflate';
import { crc32 } from '../support/crc32.js';

/** A file within a zip file, as its central directory lists it (PKWARE APPNOTE, section 4.3.12). */
export interface ZipMember {
  readonly name: string;
  /** The bytes as they are stored. */
  readonly packed: Uint8Array;
  readonly deflated: boolean;
  /** Bytes once unpacked, as the directory says. */
  readonly size: number;
  readonly crc: number;
}

/** Packed bytes that are inflated at a time: deflate makes at most 1032 bytes of one, so that little is made too much. */
const STEP = 4096;

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const MEMBER_HEADER = 0x04034b50;
const ZIP64_SIZES = 0x0001;
const ALL_ONES = 0xffffffff;

/** The members of a zip file. @throws Error saying what is wrong with the file */
export function zipMembers(bytes: Uint8Array): ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const directoryEnd = at + view.getUint32(end + 12, true);
  const members = Array.from({ length: count }, () => {
    if (view.getUint32(within(view, at, 46), true) !== DIRECTORY_ENTRY)
      throw new Error(`there is no entry of its directory at byte ${at}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    );
    within(view, at + 46, nameLength + extraLength);
    const name = textAt(bytes, at + 46, nameLength);
    const extra = { at: at + 46 + nameLength, end: at + 46 + nameLength + extraLength };
    const [size, packedSize, header] = wideNumbers(view, extra, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    const member = {
      name,
      packed: packedBytes(bytes, view, name, header, packedSize),
      deflated: isDeflated(name, view.getUint16(at + 10, true)),
      size,
      crc: view.getUint32(at + 16, true),
    };
    at = extra.end + commentLength;
    return member;
  });
  if (at !== directoryEnd)
    throw new Error(`its directory ends at byte ${at}, at ${directoryEnd} by its own word`);
  return members;
}

/**
 * A member unpacked, checked against size and CRC-32 of the directory.
 *
 * @param sizeOf told of the first bytes, the bytes that the member may have in all; undefined while it cannot tell. No more than that
 * is made room for.
 * @throws Error saying what is wrong with the member
 */
export function unpack(
  { packed, deflated, size, crc }: ZipMember,
  sizeOf: (head: Uint8Array) => number | undefined,
): Uint8Array {
  const content = deflated ? inflate(packed, size, sizeOf) : packed;
  checkSize(content.length, size, sizeOf(content));
  const found = crc32(content);
  if (found !== crc)
    throw new Error(`its CRC-32 is ${found.toString(16)}, ${crc.toString(16)} by the directory`);
  return content;
}

function inflate(
  packed: Uint8Array,
  size: number,
  sizeOf: (head: Uint8Array) => number | undefined,
): Uint8Array {
  let head: Uint8Array = new Uint8Array(0);
  let content: Uint8Array | undefined;
  let filled = 0;
  const stream = new Inflate((chunk) => {
    if (filled + chunk.length > size) throw new Error(`it unpacks to more than ${size} bytes`);
    if (content) {
      content.set(chunk, filled);
    } else {
      head = joined(head, chunk);
      const expected = sizeOf(head);
      if (expected !== undefined) {
        checkSize(size, size, expected);
        content = new Uint8Array(size);
        content.set(head);
      }
    }
    filled += chunk.length;
  });
  for (let at = 0; at < packed.length; at += STEP)
    stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
  return content?.subarray(0, filled) ?? head;
}

function checkSize(found: number, size: number, expected: number | undefined): void {
  if (found === size && expected === size) return;
  throw new Error(
    `it has ${found} bytes, by the directory of the file ${size}, by its own header ${expected ?? 'more'}`,
  );
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Where the end of the central directory begins: 22 bytes, and a comment of up to 64 KiB behind them. */
function endOfDirectory(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - 65535);
  for (let at = view.byteLength - 22; at >= first; at--)
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  throw new Error('the end of its directory is missing');
}

/** Numbers of 32 bits, those that are all ones from the ZIP64 field of the entry instead. */
function wideNumbers(
  view: DataView,
  extra: { readonly at: number; readonly end: number },
  numbers: readonly number[],
): number[] {
  if (!numbers.includes(ALL_ONES)) return [...numbers];
  let at = extra.at;
  while (at + 4 <= extra.end && view.getUint16(at, true) !== ZIP64_SIZES)
    at += 4 + view.getUint16(at + 2, true);
  at += 4;
  return numbers.map((number) => {
    if (number !== ALL_ONES) return number;
    const wide = Number(view.getBigUint64(within(view, at, 8), true));
    at += 8;
    return wide;
  });
}

/** The bytes behind the member's own header, whose extra fields may differ from those of the directory. */
function packedBytes(
  bytes: Uint8Array,
  view: DataView,
  name: string,
  header: number,
  size: number,
): Uint8Array {
  within(view, header, 30);
  if (view.getUint32(header, true) !== MEMBER_HEADER)
    throw new Error(`there is no member at byte ${header}`);
  const nameLength = view.getUint16(header + 26, true);
  const own = textAt(bytes, within(view, header + 30, nameLength), nameLength);
  // No check sum covers names; that they are written twice tells damage.
  if (own !== name) throw new Error(`a member is called '${name}' and '${own}'`);
  const start = header + 30 + nameLength + view.getUint16(header + 28, true);
  within(view, start, size);
  return bytes.subarray(start, start + size);
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(at, at + length));
}

function isDeflated(name: string, method: number): boolean {
  if (method === 0 || method === 8) return method === 8;
  throw new Error(`'${name}' is packed by method ${method}; expected none or deflate`);
}

/** The place itself. @throws Error where `length` bytes from there on are not within the file */
function within(view: DataView, at: number, length: number): number {
  if (at + length <= view.byteLength) return at;
  throw new Error(`it ends after ${view.byteLength} bytes, within its directory or a member`);
}
