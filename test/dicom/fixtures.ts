import { readdirSync, readFileSync } from 'node:fs';
import { readNpz } from '../../src/data/index.js';
import { createCodecs } from '../../src/dicom/codecs.js';
import { type ReadDicomOptions, readFrame } from '../../src/dicom/read-dicom.js';
import { patientKeys } from '../../src/records/patient-key.js';

const folder = new URL('../fixtures/dicom/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder));
const arrays = { ...readNpz(read('expected.npz')), ...readNpz(read('structure.npz')) };
const same: Record<string, string> = {
  ...JSON.parse(read('same.json').toString()),
  ...JSON.parse(read('structure.json').toString()),
};

/** Names of the files, without `.dcm`. */
export const names = readdirSync(folder)
  .filter((name) => name.endsWith('.dcm'))
  .map((name) => name.slice(0, -'.dcm'.length));

/** A copy of a file, to be changed at will. */
export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`${name}.dcm`, folder)));

/** What pydicom sees in a file, if it sees anything: stored values, by a second decoder too, or the grey that is shown. */
export function expected(name: string, what: 'stored' | 'other' | 'shown') {
  const key = `${name}.${what}`;
  const array = arrays[same[key] ?? key];
  if (!array) return undefined;
  return { shape: array.shape, values: Array.from(array.data as ArrayLike<number>) };
}

/** Where the value of an element of an explicit little-endian file begins; the first of that tag. */
export function placeOf(file: Uint8Array, group: number, element: number): number {
  const tag = [group & 255, group >> 8, element & 255, element >> 8];
  for (let at = 132; at < file.length - 8; at++)
    if (tag.every((byte, i) => file[at + i] === byte)) {
      const long = ['OB', 'OW', 'SQ', 'UN'].includes(
        String.fromCharCode(file[at + 4], file[at + 5]),
      );
      return at + (long ? 12 : 8);
    }
  throw new Error(`no element ${group.toString(16)},${element.toString(16)}`);
}

export function withUint16(file: Uint8Array, group: number, element: number, value: number) {
  new DataView(file.buffer).setUint16(placeOf(file, group, element), value, true);
  return file;
}

/** 16-bit words as little-endian bytes. */
export const words = (numbers: readonly number[]) =>
  Uint8Array.from(numbers.flatMap((number) => [number & 255, (number >> 8) & 255]));

type Given = readonly [group: number, element: number, vr: string, value: Uint8Array];

/** Elements in explicit little-endian form. */
export const elements = (given: readonly Given[]): Uint8Array =>
  Uint8Array.from(
    given.flatMap(([group, element, vr, value]) => [
      ...words([group, element]),
      ...new TextEncoder().encode(vr),
      ...(['SQ', 'OB', 'OW', 'UN'].includes(vr)
        ? words([0, value.length & 0xffff, value.length >> 16])
        : words([value.length])),
      ...value,
    ]),
  );

/** A file whose elements of group 0028 for showing are these alone, in any order. */
export function withElements(name: string, given: readonly Given[]): Uint8Array {
  const file = fixture(name);
  const pixels = placeOf(file, 0x7fe0, 0x0010) - 12;
  // PixelRepresentation is the last of the others.
  const from = placeOf(file, 0x0028, 0x0103) + 2;
  const sorted = [...given].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return Uint8Array.from([
    ...file.subarray(0, from),
    ...elements(sorted),
    ...file.subarray(pixels),
  ]);
}

/** A file of explicit little-endian form with another coded frame and another size. */
export function codedFile(
  name: string,
  code: ArrayLike<number>,
  { rows, columns }: { rows: number; columns: number },
): Uint8Array {
  const file = withUint16(withUint16(fixture(name), 0x0028, 0x0010, rows), 0x0028, 0x0011, columns);
  const padded = [...Array.from(code), ...(code.length % 2 === 0 ? [] : [0])];
  return Uint8Array.from([
    ...file.subarray(0, placeOf(file, 0x7fe0, 0x0010)),
    ...[0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0],
    ...[0xfe, 0xff, 0x00, 0xe0, ...words([padded.length & 0xffff, padded.length >> 16])],
    ...padded,
    ...[0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
  ]);
}

/**
 * Lossless JPEG of 8 bits (ITU-T T.81, annex H): a difference of 0 has the code 0, others 10 and a category of 4 bits.
 */
export function losslessJpeg(
  values: readonly number[],
  { columns, predictor }: { columns: number; predictor: number },
): number[] {
  let bits = '';
  for (const [i, value] of values.entries()) {
    const [a, b, c] = [values[i - 1], values[i - columns], values[i - columns - 1]];
    const inner = [a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1];
    const guess = i === 0 ? 128 : i < columns ? a : i % columns === 0 ? b : inner[predictor - 1];
    const difference = value - guess;
    const category = Math.abs(difference).toString(2).length;
    const rest = difference < 0 ? difference + 2 ** category - 1 : difference;
    bits +=
      difference === 0
        ? '0'
        : `10${(category - 1).toString(2).padStart(3, '0')}${rest.toString(2).padStart(category, '0')}`;
  }
  const data = (bits.match(/.{1,8}/g) ?? []).flatMap((byte) => {
    const number = Number.parseInt(byte.padEnd(8, '1'), 2);
    return number === 255 ? [255, 0] : [number];
  });
  return [
    ...[0xff, 0xd8],
    ...[0xff, 0xc3, 0, 11, 8, 0, values.length / columns, 0, columns, 1, 1, 0x11, 0],
    ...[0xff, 0xc4, 0, 28, 0, 1, 0, 0, 0, 8, ...Array.from({ length: 11 }, () => 0)],
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, predictor, 0, 0, ...data, 0xff, 0xd9],
  ];
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

const reader = { where: 'readDicom', keys: patientKeys(), codecs: createCodecs({}) };

/** `readDicom` with codecs that stay loaded from call to call. */
export const readKept = (bytes: Uint8Array, options: ReadDicomOptions = {}) =>
  readFrame(bytes, options, reader);
