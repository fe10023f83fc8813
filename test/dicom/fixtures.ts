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

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

const reader = { where: 'readDicom', keys: patientKeys(), codecs: createCodecs({}) };

/** `readDicom` with codecs that stay loaded from call to call. */
export const readKept = (bytes: Uint8Array, options: ReadDicomOptions = {}) =>
  readFrame(bytes, options, reader);
